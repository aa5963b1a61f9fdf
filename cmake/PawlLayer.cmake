# Where the checkout lies. Nothing else is compiled with it, so that what ccache kept of a test fits
# every checkout.
add_library(pawl_test_folders STATIC "${CMAKE_SOURCE_DIR}/src/base/test_folders.cc")
target_include_directories(pawl_test_folders PRIVATE "${CMAKE_SOURCE_DIR}/src")
target_compile_definitions(pawl_test_folders PRIVATE PAWL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")

# What every test is compiled with: GoogleTest's headers, precompiled once for all layers. A test
# does not need the optimizer; what it tests has it. (The definitions are those of the libraries
# that some layers link: a precompiled header fits only where all of them are the same.)
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/test_prelude.cc" CONTENT "")
add_library(pawl_test_prelude STATIC "${CMAKE_BINARY_DIR}/test_prelude.cc")
target_link_libraries(pawl_test_prelude PUBLIC pawl_test_folders GTest::gtest_main GTest::gmock
  rapidcheck fmt::fmt simdjson::simdjson)
target_compile_options(pawl_test_prelude PUBLIC -O0)
target_precompile_headers(pawl_test_prelude PRIVATE <gmock/gmock.h> <gtest/gtest.h>)

# The headers that nearly every source names. Precompiled where a whole build is made at once (the
# sanitizers'); nowhere else, so that a source which forgets to name one does not compile.
set(PAWL_PRELUDE <algorithm> <chrono> <functional> <map> <memory> <optional> <string> <string_view>
  <unordered_map> <variant> <vector>)

# pawl_layer(NAME [DEPENDS layer...] [LIBRARIES target...])
#   The folder's *.cc become the static library pawl_NAME; its *_test.cc become one executable
#   NAME_test. A main.cc belongs to neither.
function(pawl_layer name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "*.cc")
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|/main|/test_folders)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")

  list(TRANSFORM ARG_DEPENDS PREPEND "pawl_" OUTPUT_VARIABLE depends)
  if(sources)
    add_library(pawl_${name} STATIC ${sources})
    target_include_directories(pawl_${name} PUBLIC "${CMAKE_SOURCE_DIR}/src")
    target_link_libraries(pawl_${name} PUBLIC ${depends} ${ARG_LIBRARIES})
    if(PAWL_PRECOMPILE)
      target_precompile_headers(pawl_${name} PRIVATE ${PAWL_PRELUDE})
      if(name MATCHES "^services_")
        target_precompile_headers(pawl_${name} PRIVATE
          "${CMAKE_SOURCE_DIR}/src/runtime/engine.h")
      endif()
    endif()
  else()
    add_library(pawl_${name} INTERFACE)
    target_include_directories(pawl_${name} INTERFACE "${CMAKE_SOURCE_DIR}/src")
    target_link_libraries(pawl_${name} INTERFACE ${depends} ${ARG_LIBRARIES})
  endif()

  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE pawl_${name} pawl_test_prelude)
    target_precompile_headers(${name}_test REUSE_FROM pawl_test_prelude)
    add_test(NAME ${name} COMMAND ${name}_test --gtest_brief=1)
  endif()
endfunction()
