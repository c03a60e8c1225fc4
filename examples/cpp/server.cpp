/* A back end on cpp-httplib that registers its callbacks when it starts and prints each event in words.
 *
 *     TC_SDK_APP_ID=... TC_SECRET_KEY=... ./server [port [public-url]]
 *
 * TC_ENDPOINT points at the emulator, TC_TOKEN asks for signed callbacks. Port 0, the default, takes a free one.
 */
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <httplib.h>
#include <iostream>
#include <limits>
#include <mutex>
#include <optional>
#include <tc_callback.hpp>
#include <thread>

#include "print_event.hpp"

namespace
{

constexpr std::size_t MAX_BODY = std::size_t{1} << 20;

/* The only place where a server meets this library for each request. */
void answer(const tc::Receiver &receiver, const httplib::Request &request, httplib::Response &response)
{
    tc::Outcome outcome = receiver.handle({request.target, request.body});
    {
        // httplib answers on several threads.
        static std::mutex output;
        const std::lock_guard<std::mutex> lock(output);
        switch (outcome.delivery()) {
        case TC_DELIVERY_NEW:
            print_event(*outcome.event());
            // It is answered with 200 only now that it is printed: a server that queues or stores events settles after that.
            outcome.settle(std::cout.flush() ? TC_TAKEN : TC_REFUSED);
            break;
        case TC_DELIVERY_DONE:
        case TC_DELIVERY_BUSY:
            std::cout << "delivered again: " << outcome.event()->duplicate_key().value_or("") << '\n';
            break;
        case TC_DELIVERY_REJECTED:
            std::cout << "refused with " << outcome.http_status() << ": " << outcome.error()->message() << '\n';
        }
        std::cout.flush();
    }
    response.status = outcome.http_status();
    response.set_content(std::string(outcome.reply()), std::string(outcome.content_type()));
}

/* Registers every command of a product. */
void register_callbacks(const tc::Client &client, tc_product product, const std::string &url)
{
    const tc::Commands commands = tc::product_commands(product);
    client.ensure_callback(product, url, commands);
    std::cout << "registered " << *commands.begin() << " and " << commands.size() - 1 << " more commands for " << url
              << '\n';
}

/* A variable of the environment. One that is empty was meant to hold something. */
std::optional<std::string> variable(const std::string &name)
{
    const char *value = std::getenv(name.c_str());
    if (value == nullptr)
        return std::nullopt;
    if (*value == '\0')
        throw std::runtime_error(name + " is set but empty: give it a value, or unset it");
    return value;
}

std::string required(const std::string &name, const std::string &what)
{
    if (const auto value = variable(name))
        return *value;
    throw std::runtime_error(name + " is not set: set it to " + what);
}

template <typename Number> Number number(const std::string &name, const std::string &text)
{
    Number value = 0;
    const char *end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stopped != end)
        throw std::runtime_error(name + " must be a number from 0 to " +
                                 std::to_string(std::numeric_limits<Number>::max()));
    return value;
}

void serve(const std::string &port, const std::string &public_url)
{
    const auto app = number<std::uint32_t>("TC_SDK_APP_ID", required("TC_SDK_APP_ID", "the application's SDKAppID"));
    const auto wanted = number<std::uint16_t>("the port", port);
    tc::ReceiverOptions receiver_options(app);
    if (const auto token = variable("TC_TOKEN"))
        receiver_options.add_token(*token);
    tc::ClientOptions client_options(app);
    client_options.key(required("TC_SECRET_KEY", "the application's SecretKey"));
    if (const auto endpoint = variable("TC_ENDPOINT"))
        client_options.endpoint(*endpoint);
    const tc::Receiver receiver(receiver_options);
    const tc::Client client(client_options);

    sigset_t stop;
    int signal_number = 0;
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr);
    httplib::Server server;
    server.set_payload_max_length(MAX_BODY);
    // Or the second reply on a connection waits 40 ms for the peer's acknowledgement of its head.
    server.set_tcp_nodelay(true);
    // Without SO_REUSEPORT, which httplib sets by itself: a second server on the port would get half of the callbacks.
    server.set_socket_options([](int socket) {
        const int yes = 1;
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    server.Post(".*", [&](const httplib::Request &request, httplib::Response &response) {
        answer(receiver, request, response);
    });
    const int bound = wanted == 0                                ? server.bind_to_any_port("127.0.0.1")
                      : server.bind_to_port("127.0.0.1", wanted) ? wanted
                                                                 : -1;
    if (bound < 0)
        throw std::runtime_error("cannot listen on port " + port + ": " + std::strerror(errno));
    const std::string local_url = "http://127.0.0.1:" + std::to_string(bound) + "/callback";
    const std::string &url = public_url.empty() ? local_url : public_url;
    register_callbacks(client, TC_PRODUCT_CONFERENCE, url);
    register_callbacks(client, TC_PRODUCT_CALL, url);

    std::thread listener([&] { server.listen_after_bind(); });
    std::cout << "listening on " << local_url << std::endl;
    sigwait(&stop, &signal_number);
    // stop() does nothing to a server that does not run yet.
    while (!server.is_running())
        std::this_thread::yield();
    server.stop();
    listener.join();
}

} // namespace

int main(int argc, char **argv)
{
    try {
        serve(argc > 1 ? argv[1] : "0", argc > 2 ? argv[2] : "");
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
