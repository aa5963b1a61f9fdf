#include "console/asset_pack.h"

#include <zlib.h>

#include <charconv>
#include <vector>

namespace pawl::console {

namespace {

constexpr std::string_view kFirstLine = "pawl-pack 1";

// The text up to `end`, which is taken away with it.
std::optional<std::string_view> take_until(std::string_view& text, char end) {
  const std::size_t place = text.find(end);
  if (place == std::string_view::npos) return std::nullopt;
  const std::string_view taken = text.substr(0, place);
  text.remove_prefix(place + 1);
  return taken;
}

struct Line {
  std::string_view path;
  std::string_view digest;
  std::size_t bytes = 0;
};

std::optional<Line> read_line(std::string_view line) {
  const auto path = take_until(line, ' ');
  const auto digest = take_until(line, ' ');
  if (!path || !digest || path->empty() || digest->empty()) return std::nullopt;
  std::size_t bytes = 0;
  const auto read = std::from_chars(line.data(), line.data() + line.size(), bytes);
  if (read.ec != std::errc() || read.ptr != line.data() + line.size()) return std::nullopt;
  return Line{*path, *digest, bytes};
}

}  // namespace

Result<AssetPack, std::string> AssetPack::read(std::string_view bytes) {
  AssetPack pack;
  if (bytes.empty()) return pack;
  if (take_until(bytes, '\n') != kFirstLine) return Err{std::string("not a pack of this version")};
  std::vector<Line> lines;
  while (true) {
    const auto text = take_until(bytes, '\n');
    if (!text) return Err{std::string("ends within its index")};
    if (text->empty()) break;
    const auto line = read_line(*text);
    if (!line) return Err{"no line of an index: " + std::string(*text)};
    lines.push_back(*line);
  }
  for (const Line& line : lines) {
    if (line.bytes > bytes.size()) return Err{"ends within " + std::string(line.path)};
    pack.assets_.emplace(line.path, Asset{line.digest, bytes.substr(0, line.bytes)});
    bytes.remove_prefix(line.bytes);
  }
  if (!bytes.empty()) return Err{std::string("goes on behind its last file")};
  return pack;
}

const Asset* AssetPack::find(std::string_view path) const {
  const auto found = assets_.find(path);
  return found == assets_.end() ? nullptr : &found->second;
}

std::optional<std::string> unpack_gzip(std::string_view gzip, std::size_t bytes_max) {
  constexpr int kGzip = 16 + MAX_WBITS;
  z_stream stream{};
  if (inflateInit2(&stream, kGzip) != Z_OK) return std::nullopt;
  // zlib does not write to its input; its interface is older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
  stream.avail_in = static_cast<uInt>(gzip.size());
  std::string text;
  int state = Z_OK;
  while (state == Z_OK && text.size() <= bytes_max) {
    char piece[16 * 1024];
    stream.next_out = reinterpret_cast<Bytef*>(piece);
    stream.avail_out = sizeof piece;
    state = inflate(&stream, Z_NO_FLUSH);
    text.append(piece, sizeof piece - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END || text.size() > bytes_max) return std::nullopt;
  return text;
}

}  // namespace pawl::console
