#include "api/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <fstream>

#include "base/log.h"

namespace pawl::api {

namespace {

namespace ssl = boost::asio::ssl;

// Of TLS 1.2; the suites of TLS 1.3 are all of this kind.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

ServerError unusable(const char* what, const std::string& path, const std::string& reason) {
  return {"cannot use the " + std::string(what) + " " + path + ": " + reason};
}

bool is_readable(const std::string& path) {
  return std::ifstream(path).peek() != std::ifstream::traits_type::eof();
}

// HTTP/1.1 is what is spoken here: said when a client asks, and nothing when it wants only others,
// as clients that know no ALPN hear nothing either.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  static constexpr unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, chosen_size, kHttp11, sizeof kHttp11, offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

void set_protocol(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, kCiphers);
  SSL_CTX_set_options(
      context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // An idle connection keeps no buffers.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

// Clients will refuse it, in words that are not the server's.
void warn_if_expired(const SSL_CTX* context, const std::string& path) {
  const X509* certificate = SSL_CTX_get0_certificate(context);
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
    log_warning("the certificate {} has expired", path);
  } else if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
    log_warning("the certificate {} is not valid yet", path);
  }
}

}  // namespace

Result<std::unique_ptr<ssl::context>, ServerError> make_tls_context(const TlsFiles& files) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
  set_protocol(context->native_handle());
  boost::system::error_code error;
  if (!is_readable(files.certificate)) {
    return Err{unusable("certificate", files.certificate, "it cannot be read, or is empty")};
  }
  context->use_certificate_chain_file(files.certificate, error);
  if (error) {
    return Err{unusable("certificate", files.certificate,
                        "it holds no certificate in PEM: " + error.message())};
  }
  if (!is_readable(files.key)) {
    return Err{unusable("key", files.key, "it cannot be read, or is empty")};
  }
  // A key with a passphrase is an error, not a question on the terminal.
  bool is_encrypted = false;
  context->set_password_callback(
      [&is_encrypted](std::size_t, ssl::context::password_purpose) {
        is_encrypted = true;
        return std::string();
      },
      error);
  context->use_private_key_file(files.key, ssl::context::pem, error);
  if (is_encrypted) return Err{unusable("key", files.key, "it is encrypted with a passphrase")};
  const bool mismatch = ERR_GET_LIB(static_cast<unsigned long>(error.value())) == ERR_LIB_X509;
  if (error && !mismatch) {
    return Err{unusable("key", files.key, "it holds no private key in PEM: " + error.message())};
  }
  if (mismatch || SSL_CTX_check_private_key(context->native_handle()) != 1) {
    ERR_clear_error();
    return Err{
        unusable("key", files.key, "it does not belong to the certificate " + files.certificate)};
  }
  warn_if_expired(context->native_handle(), files.certificate);
  return context;
}

}  // namespace pawl::api
