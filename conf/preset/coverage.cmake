# cmake -C conf/preset/coverage.cmake -S . -B build/coverage
set(CMAKE_C_COMPILER gcc CACHE STRING "")
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-O0 -g --coverage" CACHE STRING "")
set(KARTOTEKA_TESTS ON CACHE BOOL "")
