#include "api/aws_chunked.h"

#include <gtest/gtest.h>

#include <string>

namespace pawl::api {
namespace {

// The example of the signature's description: 66,560 letters, in chunks of 65,536 and 1,024.
constexpr std::string_view kFirst =
    "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648";
constexpr std::string_view kSecond =
    "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497";
constexpr std::string_view kLast =
    "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9";

ChunkSigner published_signer() {
  ChunkSigner signer;
  signer.head.scope = {.access_key = "AKIAIOSFODNN7EXAMPLE",
                       .date = "20130524",
                       .region = "us-east-1",
                       .service = "s3"};
  signer.head.signature = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
  signer.head.date = "20130524T000000Z";
  signer.secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  return signer;
}

std::string chunk(std::size_t size, std::string_view signature, char letter = 'a') {
  char head[32];
  std::snprintf(head, sizeof head, "%zx", size);
  return std::string(head) + ";chunk-signature=" + std::string(signature) + "\r\n" +
         std::string(size, letter) + "\r\n";
}

std::string published_body() {
  return chunk(65'536, kFirst) + chunk(1'024, kSecond) + chunk(0, kLast);
}

// "whole SIZE", or the error's code, however the body is cut.
std::string decoded(const std::string& body, ChunkedForm form, std::size_t piece,
                    std::optional<ChunkSigner> signer = std::nullopt) {
  ChunkedDecoder decoder(form, std::move(signer));
  std::string out;
  for (std::size_t at = 0; at < body.size(); at += piece) {
    const auto step = decoder.decode(std::string_view(body).substr(at, piece), out);
    if (!step.ok()) return step.error().code;
  }
  const auto end = decoder.finish();
  if (!end.ok()) return end.error().code;
  std::string text = "whole " + std::to_string(out.size());
  for (const auto& [name, value] : *end) text += " " + name + "=" + value;
  return text;
}

TEST(AwsChunked, PublishedExample) {
  const ChunkedForm form{.is_signed = true, .has_trailer = false};
  for (const std::size_t piece : {1u, 7u, 4'096u, 100'000u}) {
    EXPECT_EQ(decoded(published_body(), form, piece, published_signer()), "whole 66560") << piece;
  }
}

TEST(AwsChunked, NothingMayBeChanged) {
  const ChunkedForm form{.is_signed = true, .has_trailer = false};
  const std::string other = chunk(65'536, kFirst, 'b') + chunk(1'024, kSecond) + chunk(0, kLast);
  EXPECT_EQ(decoded(other, form, 4'096, published_signer()), "InvalidSignatureException");
  const std::string moved = chunk(1'024, kSecond) + chunk(65'536, kFirst) + chunk(0, kLast);
  EXPECT_EQ(decoded(moved, form, 4'096, published_signer()), "InvalidSignatureException");
  const std::string unsigned_end = chunk(65'536, kFirst) + chunk(1'024, kSecond) + "0\r\n\r\n";
  EXPECT_EQ(decoded(unsigned_end, form, 4'096, published_signer()), "InvalidSignatureException");
  const std::string cut = published_body().substr(0, 66'000);
  EXPECT_EQ(decoded(cut, form, 4'096, published_signer()), "IncompleteBody");
}

TEST(AwsChunked, Trailers) {
  const ChunkedForm form{.is_signed = false, .has_trailer = true};
  const struct {
    std::string body;
    std::string expected;
  } cases[] = {
      {"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n",
       "whole 5 x-amz-checksum-crc32=NhCmhg=="},
      {"0\r\nX-Amz-Checksum-CRC32: AAAAAA== \r\n\r\n", "whole 0 x-amz-checksum-crc32=AAAAAA=="},
      {"5\r\nhello\r\n0\r\n\r\n", "whole 5"},
      {"5\r\nhello\r\n0\r\n", "whole 5"},
      {"5\r\nhello\r\n", "IncompleteBody"},
      {"5\r\nhello!\r\n0\r\n\r\n", "InvalidRequest"},
      {"x\r\nhello\r\n", "InvalidRequest"},
      {"5\nhello\n", "InvalidRequest"},
      {"ffffffffffffffffff\r\n", "InvalidRequest"},
      {"0\r\nno colon\r\n\r\n", "InvalidRequest"},
      {std::string(10'000, '1'), "InvalidRequest"},
  };
  for (const auto& [body, expected] : cases) {
    for (const std::size_t piece : {1u, 3u, 100u}) {
      EXPECT_EQ(decoded(body, form, piece), expected) << body.substr(0, 60) << " in " << piece;
    }
  }
}

TEST(AwsChunked, Forms) {
  EXPECT_FALSE(chunked_form("UNSIGNED-PAYLOAD")->has_value());
  EXPECT_FALSE(chunked_form("")->has_value());
  EXPECT_TRUE((*chunked_form("STREAMING-UNSIGNED-PAYLOAD-TRAILER"))->has_trailer);
  EXPECT_TRUE((*chunked_form("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"))->is_signed);
  EXPECT_FALSE(chunked_form("STREAMING-SOMETHING").ok());
}

}  // namespace
}  // namespace pawl::api
