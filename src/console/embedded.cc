// The assembler reads the file: no generated sources, no conversion at run time.
#include "console/embedded.h"

__asm__(".pushsection .rodata\npawl_console_pack_first: .incbin \"" PAWL_CONSOLE_PACK
        "\"\npawl_console_pack_last: .byte 0\n.popsection\n");
extern "C" const char pawl_console_pack_first[];
extern "C" const char pawl_console_pack_last[];

namespace pawl::console {

std::string_view embedded_pack() {
  return {pawl_console_pack_first,
          static_cast<std::size_t>(pawl_console_pack_last - pawl_console_pack_first)};
}

}  // namespace pawl::console
