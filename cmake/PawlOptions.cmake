# Compiler, linker and warning settings that every target shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_INTERPROCEDURAL_OPTIMIZATION OFF)

option(PAWL_WERROR "Treat warnings as errors" ON)
option(PAWL_PRECOMPILE "Precompile the headers that most sources name" OFF)
option(PAWL_FUZZ "Build the libFuzzer targets (clang only)" OFF)
set(PAWL_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined or thread")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion)
if(PAWL_WERROR)
  add_compile_options(-Werror)
endif()
# So that `assert` of libraries follows NDEBUG while our own ENSURE stays on everywhere.
add_compile_options(-fno-omit-frame-pointer)
if(PAWL_SANITIZE)
  add_compile_options(-fsanitize=${PAWL_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${PAWL_SANITIZE})
endif()

if(PAWL_FUZZ)
  # Coverage feedback from every layer, not from the fuzz target's own file alone.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
find_package(fmt REQUIRED)
find_package(simdjson REQUIRED)
