#include "zip/writer.h"

#include <zlib.h>

#include <utility>

namespace pawl::zip {

namespace {

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
}

// A raw DEFLATE stream (RFC 1951).
std::string deflated(std::string_view bytes) {
  z_stream stream{};
  ENSURE(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8,
                      Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int ended = deflate(&stream, Z_FINISH);
  ENSURE(ended == Z_STREAM_END, ended);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// What the local header and the central directory both say (APPNOTE 4.3.7, 4.3.12).
std::string entry_fields(std::string_view path, std::uint32_t crc, std::size_t compressed,
                         std::size_t size) {
  std::string out;
  put(out, 20, 2);      // version needed
  put(out, 0x0800, 2);  // names are UTF-8
  put(out, 8, 2);       // DEFLATE
  put(out, 0, 2);       // time
  put(out, 0x21, 2);    // date: 1980-01-01
  put(out, crc, 4);
  put(out, compressed, 4);
  put(out, size, 4);
  put(out, path.size(), 2);
  put(out, 0, 2);
  return out;
}

}  // namespace

Result<void, std::string> Writer::append(std::string bytes) {
  offset_ += bytes.size();
  return append_(std::move(bytes));
}

Result<void, std::string> Writer::add(std::string_view path, std::uint32_t mode,
                                      std::string_view bytes) {
  constexpr std::uint64_t kSizeMax = 0xFFFFFFFF;
  constexpr std::uint64_t kEntriesMax = 0xFFFF;
  const auto crc = static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  if (bytes.size() > kSizeMax / 2 || offset_ + bytes.size() > kSizeMax / 2 ||
      entries_ == kEntriesMax || path.size() > kEntriesMax) {
    return Err{std::string("The files are too large for an archive: 2 GB, 65535 files")};
  }
  const std::string data = deflated(bytes);
  const std::string fields = entry_fields(path, crc, data.size(), bytes.size());
  directory_.append("PK\x01\x02");
  put(directory_, 0x0314, 2);  // made on Unix
  directory_.append(fields);
  put(directory_, 0, 6);
  put(directory_, std::uint64_t{mode} << 16, 4);
  put(directory_, offset_, 4);
  directory_.append(path);
  ++entries_;
  std::string entry = "PK\x03\x04";
  entry.append(fields).append(path).append(data);
  return append(std::move(entry));
}

Result<void, std::string> Writer::finish() {
  const std::uint64_t start = offset_;
  const std::uint64_t size = directory_.size();
  directory_.append("PK\x05\x06");
  put(directory_, 0, 4);
  put(directory_, entries_, 2);
  put(directory_, entries_, 2);
  put(directory_, size, 4);
  put(directory_, start, 4);
  put(directory_, 0, 2);
  return append(std::move(directory_));
}

std::string archive_of(const std::vector<File>& files) {
  std::string archive;
  Writer writer([&archive](const std::string& bytes) -> Result<void, std::string> {
    archive += bytes;
    return {};
  });
  for (const File& file : files) {
    const auto added = writer.add(file.path, kRegularFile, file.content);
    ENSURE(added.ok(), file.path);
  }
  ENSURE(writer.finish().ok());
  return archive;
}

}  // namespace pawl::zip
