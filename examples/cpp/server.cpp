/* A back end on cpp-httplib that registers its callbacks when it starts and prints each event in words.
 *
 *     TC_SDK_APP_ID=... TC_SECRET_KEY=... ./server [port [public-url]]
 *
 * TC_ENDPOINT points at the emulator, TC_TOKEN asks for signed callbacks. Port 0, the default, takes a free one.
 */
#include <csignal>
#include <cstdlib>
#include <httplib.h>
#include <iostream>
#include <mutex>
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

std::string variable(const char *name)
{
    const char *value = std::getenv(name);
    return value != nullptr ? value : "";
}

void serve(const std::string &port, const std::string &public_url)
{
    const auto app = static_cast<std::uint32_t>(std::strtoul(variable("TC_SDK_APP_ID").c_str(), nullptr, 10));
    tc::ReceiverOptions receiver_options(app);
    if (const std::string token = variable("TC_TOKEN"); !token.empty())
        receiver_options.add_token(token);
    tc::ClientOptions client_options(app);
    client_options.key(std::getenv("TC_SECRET_KEY"));
    if (const std::string endpoint = variable("TC_ENDPOINT"); !endpoint.empty())
        client_options.endpoint(endpoint);
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
    server.Post(".*", [&](const httplib::Request &request, httplib::Response &response) {
        answer(receiver, request, response);
    });
    const auto wanted = static_cast<int>(std::strtoul(port.c_str(), nullptr, 10));
    const int bound = wanted == 0                                ? server.bind_to_any_port("127.0.0.1")
                      : server.bind_to_port("127.0.0.1", wanted) ? wanted
                                                                 : -1;
    if (bound < 0)
        throw std::runtime_error("cannot listen on port " + port);
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
