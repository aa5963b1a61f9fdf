// The assembler reads the files: no generated sources, no conversion at run time.
#include "functions/embedded.h"

#define PAWL_EMBED(symbol, file)                                                    \
  __asm__(".pushsection .rodata\n" #symbol "_first: .incbin \"" file "\"\n" #symbol \
          "_last: .byte 0\n.popsection\n");                                         \
  extern "C" const char symbol##_first[];                                           \
  extern "C" const char symbol##_last[]

PAWL_EMBED(pawl_node_client, PAWL_BOOTSTRAP "/index.cjs");
PAWL_EMBED(pawl_python_client, PAWL_BOOTSTRAP "/bootstrap.py");
PAWL_EMBED(pawl_python2_names, PAWL_BOOTSTRAP "/python2.py");
PAWL_EMBED(pawl_environment_program, PAWL_ENVIRONMENT);

namespace pawl::functions {
namespace {

std::string_view between(const char* first, const char* last) {
  return {first, static_cast<std::size_t>(last - first)};
}

}  // namespace

std::string_view node_client() { return between(pawl_node_client_first, pawl_node_client_last); }

std::string_view python_client() {
  return between(pawl_python_client_first, pawl_python_client_last);
}

std::string_view python2_names() {
  return between(pawl_python2_names_first, pawl_python2_names_last);
}

std::string_view environment_program() {
  return between(pawl_environment_program_first, pawl_environment_program_last);
}

}  // namespace pawl::functions
