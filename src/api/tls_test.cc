// HTTPS over real loopback sockets, with certificates made for the occasion.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <thread>

#include "api/test_server.h"

namespace pawl::api {
namespace {

using ::testing::HasSubstr;
using testing::RawClient;
using testing::states_request;
using testing::TestServer;

constexpr std::string_view kBody =
    R"({"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:m"})";

struct File {
  explicit File(const std::filesystem::path& path) : handle(std::fopen(path.c_str(), "w")) {}
  ~File() { std::fclose(handle); }
  std::FILE* handle;
};

// A folder with `name`.crt, self-signed for 127.0.0.1, and `name`.key.
class Certificates {
 public:
  Certificates() {
    std::string name = ::testing::TempDir() + "pawl-tls-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~Certificates() { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ / name; }

  TlsFiles make(const std::string& name, const char* passphrase = nullptr) const {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3'600);
    X509_set_pubkey(certificate, key);
    X509_NAME* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_sign(certificate, key, EVP_sha256());
    PEM_write_X509(File(path(name + ".crt")).handle, certificate);
    PEM_write_PrivateKey(File(path(name + ".key")).handle, key,
                         passphrase != nullptr ? EVP_aes_128_cbc() : nullptr, nullptr, 0, nullptr,
                         const_cast<char*>(passphrase));
    X509_free(certificate);
    EVP_PKEY_free(key);
    return {path(name + ".crt"), path(name + ".key")};
  }

 private:
  std::filesystem::path folder_;
};

// A blocking client that trusts one certificate.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, const std::string& trusted,
                     int version_max = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), ssl_(nullptr, SSL_free) {
    SSL_CTX_load_verify_locations(context_.get(), trusted.c_str(), nullptr);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_max_proto_version(context_.get(), version_max);
    if (version_max < TLS1_2_VERSION) SSL_CTX_set_security_level(context_.get(), 0);
    ssl_.reset(SSL_new(context_.get()));
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ENSURE(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    SSL_set_fd(ssl_.get(), socket_);
    connected_ = SSL_connect(ssl_.get()) == 1;
    ERR_clear_error();
  }
  ~TlsClient() { ::close(socket_); }

  bool connected() const { return connected_; }
  bool send(std::string_view bytes) {
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) ==
           static_cast<int>(bytes.size());
  }
  // Until `end` stands in it, or the server has closed.
  std::string read_until(std::string_view end) {
    std::string text;
    char bytes[16'384];
    while (end.empty() || text.find(end) == std::string::npos) {
      const int count = SSL_read(ssl_.get(), bytes, sizeof bytes);
      if (count <= 0) break;
      text.append(bytes, static_cast<std::size_t>(count));
    }
    return text;
  }
  // The server has ended the stream as TLS wants it, not by cutting it.
  bool ended_cleanly() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

 private:
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
  int socket_ = -1;
  bool connected_ = false;
};

class Tls : public ::testing::Test {
 protected:
  Certificates certificates;
  TlsFiles files = certificates.make("server");
  ServerLimits limits;

  // OpenSSL writes to a socket that the server has closed; as in `pawl serve`, that is no signal.
  static void SetUpTestSuite() { std::signal(SIGPIPE, SIG_IGN); }

  std::unique_ptr<TestServer> serve() {
    return std::make_unique<TestServer>(
        [this](runtime::Operations& operations, ServerOptions& options) {
          testing::add_echoes(operations, states_model(PayloadLimits::kAws));
          options.tls = files;
          options.limits = limits;
        });
  }
};

TEST_F(Tls, AnswersManyRequestsOnOneConnection) {
  const auto server = serve();
  TlsClient client(server->port(), files.certificate);
  ASSERT_TRUE(client.connected());
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(client.send(states_request("StartExecution", kBody)));
    EXPECT_THAT(client.read_until(kBody), HasSubstr("HTTP/1.1 200 OK"));
  }
}

TEST_F(Tls, CarriesBodiesOfMoreThanOneRecord) {
  const auto server = serve();
  TlsClient client(server->port(), files.certificate);
  const std::string body =
      R"({"input":"\")" + std::string(200'000, 'x') + R"(\"",)" + std::string(kBody.substr(1));
  ASSERT_TRUE(client.send(states_request("StartExecution", body)));
  EXPECT_THAT(client.read_until(body), HasSubstr(body));
}

TEST_F(Tls, EndsTheStreamAfterTheLastAnswer) {
  const auto server = serve();
  TlsClient client(server->port(), files.certificate);
  std::string request = states_request("StartExecution", kBody);
  request.insert(request.find("Host"), "Connection: close\r\n");
  ASSERT_TRUE(client.send(request));
  EXPECT_THAT(client.read_until(""), HasSubstr(kBody));
  EXPECT_TRUE(client.ended_cleanly());
}

// While it waits the connection is read, to notice a client that goes.
TEST_F(Tls, EndsTheStreamAfterAnAnswerThatWasWaitedFor) {
  std::promise<runtime::Reply> waiting;
  std::promise<void> withdrawn;
  TestServer server([&](runtime::Operations& operations, ServerOptions& options) {
    operations.add_waiting("states", "GetActivityTask",
                           [&](const runtime::Call&, const runtime::Reply& reply) {
                             waiting.set_value(reply);
                             return [&] { withdrawn.set_value(); };
                           });
    options.tls = files;
  });
  std::string request = states_request(
      "GetActivityTask", R"({"activityArn":"arn:aws:states:us-east-1:000000000000:activity:a"})");
  request.insert(request.find("Host"), "Connection: close\r\n");
  {
    TlsClient client(server.port(), files.certificate);
    ASSERT_TRUE(client.send(request));
    waiting.get_future().get()(json::Value::trusted("{}"));
    EXPECT_THAT(client.read_until(""), HasSubstr("\r\n\r\n{}"));
    EXPECT_TRUE(client.ended_cleanly());
  }
  waiting = {};
  {
    TlsClient client(server.port(), files.certificate);
    ASSERT_TRUE(client.send(request));
    waiting.get_future().wait();
  }
  EXPECT_EQ(withdrawn.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST_F(Tls, RefusesOldProtocolsAndPlainHttp) {
  const auto server = serve();
  EXPECT_FALSE(TlsClient(server->port(), files.certificate, TLS1_1_VERSION).connected());
  EXPECT_TRUE(TlsClient(server->port(), files.certificate, TLS1_2_VERSION).connected());
  RawClient plain(server->port());
  plain.send(states_request("StartExecution", kBody));
  EXPECT_TRUE(plain.is_closed_by_server());
}

TEST_F(Tls, ClosesAClientThatDoesNotShakeHandsInTime) {
  limits.handshake_timeout = std::chrono::milliseconds(50);
  const auto server = serve();
  RawClient silent(server->port());
  EXPECT_TRUE(silent.is_closed_by_server());
  RawClient half(server->port());
  half.send("\x16\x03\x01");
  EXPECT_TRUE(half.is_closed_by_server());
}

TEST_F(Tls, CountsConnectionsBeforeTheirHandshake) {
  limits.connections_max = 1;
  const auto server = serve();
  const RawClient silent(server->port());
  EXPECT_FALSE(TlsClient(server->port(), files.certificate).connected());
}

TEST_F(Tls, StopsWithOpenConnections) {
  limits.drain_timeout = std::chrono::hours(1);  // to wait for it would not end
  const auto server = serve();
  const RawClient silent(server->port());
  TlsClient client(server->port(), files.certificate);
  ASSERT_TRUE(client.send(states_request("StartExecution", kBody)));
  client.read_until(kBody);
  server->stop();
}

TEST_F(Tls, SaysWhichFileCannotBeUsed) {
  const TlsFiles other = certificates.make("other");
  const TlsFiles locked = certificates.make("locked", "secret");
  std::ofstream(certificates.path("no.pem")) << "no certificate\n";
  const struct {
    TlsFiles files;
    std::vector<std::string> parts;
  } rows[] = {
      {{certificates.path("absent.crt"), files.key}, {"certificate", "absent.crt", "read"}},
      {{certificates.path("no.pem"), files.key},
       {"certificate", "no.pem", "no certificate in PEM"}},
      {{files.certificate, certificates.path("absent.key")}, {"key", "absent.key", "read"}},
      {{files.certificate, certificates.path("no.pem")},
       {"key", "no.pem", "no private key in PEM"}},
      {{files.certificate, other.key}, {"other.key", "does not belong to", "server.crt"}},
      {locked, {"locked.key", "passphrase"}},
  };
  for (const auto& row : rows) {
    const runtime::Operations operations;
    const StillClock clock;
    ServerOptions options;
    options.port = 0;
    options.tls = row.files;
    const auto started = Server(operations, clock, [] { return Health{}; }, options).start();
    ASSERT_FALSE(started.ok());
    for (const std::string& part : row.parts) {
      EXPECT_THAT(started.error().message, HasSubstr(part));
    }
  }
}

}  // namespace
}  // namespace pawl::api
