# cmake --install build/release --prefix /usr
install(TARGETS kartoteka kartoteka-fcgi kartoteka-notifier RUNTIME DESTINATION sbin)
install(FILES systemd/kartoteka.socket systemd/kartoteka.service systemd/kartoteka-notifier.service
	systemd/kartoteka-job@.service systemd/kartoteka-burn.timer systemd/kartoteka-index.timer
	systemd/kartoteka-purge.timer
	DESTINATION lib/systemd/system)
install(FILES systemd/kartoteka.sysusers DESTINATION lib/sysusers.d RENAME kartoteka.conf)
install(FILES systemd/kartoteka.tmpfiles DESTINATION lib/tmpfiles.d RENAME kartoteka.conf)
install(FILES systemd/kartoteka-network.conf README.md LICENSE DESTINATION share/doc/kartoteka)
install(FILES conf/man/kartoteka.8 conf/man/kartoteka-notifier.8 DESTINATION share/man/man8)
install(FILES conf/man/kartoteka.ini.5 DESTINATION share/man/man5)
install(FILES conf/man/kartoteka-sizing.7 DESTINATION share/man/man7)
install(FILES conf/completion/kartoteka DESTINATION share/bash-completion/completions)

# What the administrator has changed below /etc is left as it is.
function(install_once folder)
	foreach(file ${ARGN})
		cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_SOURCE_DIR})
		cmake_path(GET file FILENAME name)
		install(CODE "
			if(EXISTS \"\$ENV{DESTDIR}${folder}/${name}\")
				message(STATUS \"Left alone: \$ENV{DESTDIR}${folder}/${name}\")
			else()
				file(INSTALL DESTINATION \"${folder}\" TYPE FILE FILES \"${file}\")
			endif()")
	endforeach()
endfunction()

install_once(/etc/kartoteka conf/kartoteka.ini)
foreach(name kartoteka file fastcgi limits upstream upstream-hosts site tills)
	install_once(/etc/nginx/kartoteka nginx/${name}.conf)
endforeach()
