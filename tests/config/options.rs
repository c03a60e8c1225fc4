//! Options are checked when the client is made, and the error names the setter.

use tc_callback::config::{Client, Options};
use tc_callback::error::Status;

use crate::key;

fn refusal(change: Setting) -> String {
    let mut options = Options::new(1400000000);
    options.set_key(key());
    change(&mut options);
    let error = Client::new(options).unwrap_err();
    assert_eq!(error.status(), Status::InvalidOption);
    error.message().to_owned()
}

type Setting = fn(&mut Options) -> &mut Options;

#[test]
fn each_wrong_option_is_refused_by_the_name_of_its_setter() {
    let wrong: &[(&str, Setting)] = &[
        ("set_administrator", |options| options.set_administrator("")),
        ("set_administrator", |options| options.set_administrator("a\nb")),
        ("set_connect_timeout_ms", |options| options.set_connect_timeout_ms(0)),
        ("set_timeout_ms", |options| options.set_timeout_ms(0)),
        ("set_timeout_ms", |options| options.set_timeout_ms(u64::MAX)),
        ("set_attempts", |options| options.set_attempts(0)),
        ("set_attempts", |options| options.set_attempts(11)),
        ("set_usersig_lifetime_s", |options| options.set_usersig_lifetime_s(59)),
        ("set_usersig_lifetime_s", |options| options.set_usersig_lifetime_s(u64::MAX)),
        ("set_user_agent", |options| options.set_user_agent("a\r\nb")),
        ("set_user_agent", |options| options.set_user_agent("")),
        ("set_endpoint", |options| options.set_endpoint("")),
        ("set_endpoint", |options| options.set_endpoint("ftp://host")),
        ("set_endpoint", |options| options.set_endpoint("https://host/path")),
        ("set_endpoint", |options| options.set_endpoint("https://host?query")),
        ("set_endpoint", |options| options.set_endpoint("https://user@host")),
        ("set_endpoint", |options| options.set_endpoint("two words")),
        ("set_proxy", |options| options.set_proxy("socks5://127.0.0.1:1080")),
        ("set_proxy", |options| options.set_proxy("http://")),
        ("set_ca_file", |options| options.set_ca_file("/nowhere/ca.pem")),
        ("set_ca_file", |options| options.set_ca_file("/dev/null")),
        ("set_crl_file", |options| options.set_crl_file("/nowhere/crl.pem")),
        ("set_crl_file", |options| options.set_crl_file("/dev/null")),
        ("set_ca_file", |options| options.set_ca_file("")),
        ("set_crl_file", |options| options.set_crl_file("")),
        ("set_proxy", |options| options.set_proxy("")),
        ("set_usersig", |options| options.set_usersig("abc")),
        ("set_usersig", |options| options.set_usersig("")),
    ];
    for (setter, change) in wrong {
        let message = refusal(*change);
        assert!(message.contains(setter), "{setter}: {message}");
    }
}

#[test]
fn the_app_and_a_way_to_prove_who_calls_are_needed() {
    let error = Client::new(Options::new(1)).unwrap_err();
    assert!(error.message().contains("set_key or set_usersig"), "{error}");
    let mut options = Options::new(0);
    options.set_key(key());
    assert!(Client::new(options).unwrap_err().message().contains("SDKAppID"));
    let mut options = Options::new(1);
    options.set_usersig("not a UserSig");
    assert!(Client::new(options).unwrap_err().message().contains("set_usersig"));
}

#[test]
fn endpoints_are_taken_with_and_without_scheme() {
    for (given, used) in [
        ("adminapi.example.com", "https://adminapi.example.com"),
        ("host:8443", "https://host:8443"),
        ("https://host/", "https://host"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ] {
        let mut options = Options::new(1);
        options.set_key(key()).set_endpoint(given);
        let client = Client::new(options).unwrap();
        assert!(format!("{client:?}").contains(&format!("{used:?}")), "{client:?}");
    }
}

#[test]
fn a_usersig_that_was_copied_with_more_than_itself_is_refused_with_what_it_looks_like() {
    let usersig = "eJwtzF0LgjAYBeD-";
    for (given, told) in [
        (format!("{usersig}\n"), "ends with a line feed"),
        (format!("\u{feff}{usersig}"), "byte order mark"),
        (format!("\"{usersig}\""), "quotes around it"),
        (format!("usersig={usersig}"), "name of a variable"),
        (String::new(), "empty"),
    ] {
        let mut options = Options::new(1);
        options.set_usersig(given);
        let error = Client::new(options).unwrap_err();
        assert!(error.message().starts_with("set_usersig: the UserSig "), "{error}");
        assert!(error.message().contains(told) && !error.message().contains(usersig), "{error}");
    }
}
