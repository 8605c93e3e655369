# cmake -C conf/preset/debug.cmake -S . -B build/debug
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all" CACHE STRING "")
set(KARTOTEKA_TESTS ON CACHE BOOL "")
