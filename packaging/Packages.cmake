# What is installed, and the .deb that `cpack` makes of it (cpack --config CPackConfig.cmake -G DEB
# in the build directory).
include(GNUInstallDirs)

# Packaging builds what it packs, not every test.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

install(FILES packaging/pawl.service DESTINATION lib/systemd/system)
install(FILES packaging/pawl.toml DESTINATION /etc/pawl)
install(FILES packaging/runtime/package.json packaging/runtime/package-lock.json
  packaging/runtime/.npmrc packaging/runtime/requirements.txt DESTINATION lib/pawl/runtime)
install(PROGRAMS packaging/runtime/install DESTINATION lib/pawl/runtime)
install(FILES README.md LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The completion scripts come out of the binary that was just built.
if(TARGET pawl)
  set(completions "${CMAKE_BINARY_DIR}/completions")
  add_custom_command(
    OUTPUT "${completions}/pawl.bash" "${completions}/_pawl" "${completions}/pawl.fish"
    COMMAND ${CMAKE_COMMAND} -E make_directory "${completions}"
    COMMAND pawl completion bash > "${completions}/pawl.bash"
    COMMAND pawl completion zsh > "${completions}/_pawl"
    COMMAND pawl completion fish > "${completions}/pawl.fish"
    DEPENDS pawl VERBATIM)
  add_custom_target(completions DEPENDS "${completions}/pawl.bash")
  install(FILES "${completions}/pawl.bash" RENAME pawl OPTIONAL
    DESTINATION share/bash-completion/completions)
  install(FILES "${completions}/_pawl" OPTIONAL DESTINATION share/zsh/vendor-completions)
  install(FILES "${completions}/pawl.fish" OPTIONAL DESTINATION share/fish/vendor_completions.d)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME pawl)
set(CPACK_PACKAGE_VENDOR "The Pawl authors")
set(CPACK_PACKAGE_CONTACT "The Pawl authors <pawl@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Durable workflow engine with the AWS Step Functions API")
set(CPACK_PACKAGE_DESCRIPTION
  "Runs state machines written in the Amazon States Language durably on your own machines. \
Unmodified AWS command lines, SDKs and tools are its clients.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "nodejs, npm, python3, python3-pip, python3-lib2to3")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${CMAKE_SOURCE_DIR}/packaging/postinst;${CMAKE_SOURCE_DIR}/packaging/prerm;\
${CMAKE_SOURCE_DIR}/packaging/conffiles")
include(CPack)
