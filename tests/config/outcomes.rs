//! What the calls return when all goes well, and what they refuse before sending.

use serde_json::json;
use tc_callback::catalog::Product;
use tc_callback::config::{Change, Client};
use tc_callback::error::Status;

use crate::rest_server::{RestServer, Step, code};
use crate::{CREATED, STARTED, URL, client, options};

const SEATS: &str = "Mic.CallbackAfterSeatInfoChanged";

#[test]
fn each_write_says_what_it_changed() {
    let server = RestServer::answering(|_| code(0));
    let client = client(&server);
    let set = |product, word| client.set_callback(product, URL, &[word]).unwrap().change;
    assert_eq!(set(Product::Conference, CREATED), Change::Created);
    assert_eq!(set(Product::Call, STARTED), Change::Written, "Call overwrites without a word");
    let updated = client.update_callback(Product::Conference, URL, &[CREATED]).unwrap();
    assert_eq!(updated.change, Change::Updated);
    assert_eq!(client.delete_callback(Product::Call).unwrap().change, Change::Deleted);
}

#[test]
fn deleting_what_is_missing_changes_nothing_and_is_no_error() {
    let server = RestServer::scripted([code(100_301)]);
    let done = client(&server).delete_callback(Product::Conference).unwrap();
    assert_eq!(done.change, Change::Unchanged);
    assert_eq!(done.report.code, Some(100_301));
}

#[test]
fn get_says_not_found_in_whichever_way_tencent_says_it() {
    let ok = |response| json!({"ErrorCode": 0, "ActionStatus": "OK", "Response": response});
    let empty_answers = [
        json!({"ErrorCode": 100_301, "ActionStatus": "FAIL", "ErrorInfo": "none"}),
        ok(json!({})),
        ok(json!({"Url": null})),
        ok(json!({"Url": "", "CallbackCommandList": null})),
        ok(json!({"Url": "", "CallbackCommandList": []})),
    ];
    for answer in empty_answers {
        let server = RestServer::scripted([Step::Answer(200, answer.to_string())]);
        let error = client(&server).get_callback(Product::Conference).unwrap_err();
        assert_eq!(error.status(), Status::NotFound, "{answer}");
        assert_eq!(error.report().attempts, 1);
    }
}

#[test]
fn an_answer_that_has_no_configuration_and_does_not_say_so_is_no_reason_to_write_one() {
    let ok = |response| json!({"ErrorCode": 0, "ActionStatus": "OK", "Response": response});
    let list = |list| ok(json!({"Url": URL, "CallbackCommandList": list}));
    let answers = [
        json!({"ErrorCode": 0}),
        json!({"ErrorCode": 0, "ActionStatus": "OK", "CallbackCommandList": [CREATED]}),
        ok(json!(null)),
        ok(json!("")),
        ok(json!([])),
        ok(json!(false)),
        ok(json!({"Url": 7})),
        ok(json!({"Url": {}})),
        ok(json!({"CallbackCommandList": [CREATED]})),
        list(json!([null])),
        list(json!([CREATED, {}])),
        list(json!([7])),
        list(json!([[CREATED]])),
        list(json!(CREATED)),
        list(json!({})),
    ];
    for answer in answers {
        let server = RestServer::answering({
            let answer = answer.to_string();
            move |_| Step::Answer(200, answer.clone())
        });
        let client = client(&server);
        for error in [
            client.get_callback(Product::Conference).unwrap_err(),
            client.ensure_callback(Product::Conference, URL, &[CREATED]).unwrap_err(),
        ] {
            assert_eq!(error.status(), Status::InvalidResponse, "{answer}: {error}");
            assert_eq!(error.report().attempts, 1, "{answer}");
            assert_eq!(error.report().code, Some(0), "{answer}");
            assert!(error.message().starts_with("conference get_callback: "), "{error}");
        }
        assert_eq!(server.operations(), ["get_callback", "get_callback"], "{answer}");
    }
}

#[test]
fn get_takes_the_forms_that_the_vendors_pages_disagree_on() {
    let list = json!([CREATED]);
    let answers = [
        json!({"ErrorCode": "0", "Response": {"Url": URL, "CallbackCommandList": list}}),
        json!({"ErrorCode": 0, "Url": URL, "CallbackCommandList": list}),
        json!({"ErrorCode": 0, "Response": null, "Url": URL, "CallbackCommandList": list}),
        json!({"ErrorCode": 0, "ErrorInfo": null, "Response": {"Url": URL, "CallbackCommandList": list, "New": 1}}),
    ];
    for answer in answers {
        let server = RestServer::scripted([Step::Answer(200, answer.to_string())]);
        let found = client(&server).get_callback(Product::Conference).unwrap();
        assert_eq!(
            (found.url.as_str(), found.commands.as_slice()),
            (URL, &[CREATED.to_owned()][..])
        );
        assert_eq!(found.report.request_id, None);
    }
}

#[test]
fn call_has_no_update_and_nothing_is_sent() {
    let server = RestServer::scripted([]);
    let error = client(&server).update_callback(Product::Call, URL, &[STARTED]).unwrap_err();
    assert_eq!(error.status(), Status::UnsupportedOperation);
    assert!(error.message().contains("use set"), "{error}");
    assert!(server.seen().is_empty());
}

#[test]
fn a_product_without_a_rest_service_is_refused() {
    let server = RestServer::scripted([]);
    let error = client(&server).get_callback(Product::Unknown).unwrap_err();
    assert_eq!(error.status(), Status::UnsupportedOperation);
    assert!(error.message().contains("conference, call"), "{error}");
    assert!(server.seen().is_empty());
}

#[test]
fn urls_that_tencent_cannot_post_to_are_refused_before_sending() {
    let server = RestServer::scripted([]);
    let client = client(&server);
    let wrong = [
        "",
        "example.com/callback",
        "ftp://example.com/",
        "https://",
        "https:///callback",
        "http://:80/",
        "https://example.com/a b",
        " https://example.com/",
        "https://example.com/\n",
        "https://example.com/\u{7f}",
    ];
    for url in wrong {
        for error in [
            client.set_callback(Product::Conference, url, &[CREATED]).unwrap_err(),
            client.update_callback(Product::Conference, url, &[CREATED]).unwrap_err(),
            client.ensure_callback(Product::Conference, url, &[CREATED]).unwrap_err(),
        ] {
            assert_eq!(error.status(), Status::InvalidUrl, "{url:?}");
            assert!(error.message().contains(&format!("{url:?}")), "{error}");
        }
    }
    assert!(server.seen().is_empty());
}

#[test]
fn urls_that_tencent_can_post_to_are_sent() {
    let server = RestServer::answering(|_| code(0));
    let client = client(&server);
    for url in [
        "http://example.com",
        "https://example.com:8443/a/b?c=d&e=%20",
        "https://EXAMPLE.com/",
        "http://192.0.2.7:8080/cb",
        "https://[2001:db8::1]/cb",
    ] {
        client.set_callback(Product::Conference, url, &[CREATED]).unwrap();
        assert_eq!(server.seen().pop().unwrap().body["Url"], url);
    }
}

#[test]
fn lists_that_cannot_work_are_refused_before_sending() {
    let server = RestServer::scripted([]);
    let client = client(&server);
    let set = |product, commands: &[&str]| {
        let error = client.set_callback(product, URL, commands).unwrap_err();
        (error.status(), error.message().to_owned())
    };
    let (status, message) = set(Product::Call, &[]);
    assert_eq!(status, Status::EmptyCommandList);
    assert!(message.contains("use delete"), "{message}");
    let (status, message) = set(Product::Conference, &[CREATED, "Room.CallbackAfterCreatRoom"]);
    assert_eq!(status, Status::UnknownCommand);
    assert!(message.contains("\"Room.CallbackAfterCreatRoom\" is not known"), "{message}");
    assert!(message.contains(CREATED), "lists what there is: {message}");
    let (status, message) = set(Product::Conference, &[STARTED]);
    assert_eq!(status, Status::UnknownCommand);
    assert!(message.contains("belongs to call"), "{message}");
    let (status, message) = set(Product::Call, &[SEATS]);
    assert_eq!(status, Status::UnknownCommand);
    assert!(message.contains("belongs to conference"), "{message}");
    assert!(server.seen().is_empty());
}

#[test]
fn a_command_that_several_products_send_is_configured_where_it_is_listed() {
    let server = RestServer::answering(|_| code(0));
    client(&server).set_callback(Product::Conference, URL, &[CREATED, SEATS]).unwrap();
    assert_eq!(server.seen()[0].body["CallbackCommandList"], json!([CREATED, SEATS]));
}

#[test]
fn unknown_commands_are_sent_if_the_host_allows_them() {
    let server = RestServer::answering(|_| code(0));
    let mut options = options(&server);
    options.set_allow_unknown_commands(true);
    let client = Client::new(options).unwrap();
    client.set_callback(Product::Conference, URL, &["Room.CallbackOfTomorrow", STARTED]).unwrap();
    let sent = &server.seen()[0].body["CallbackCommandList"];
    assert_eq!(*sent, json!(["Room.CallbackOfTomorrow", STARTED]));
    let error = client.set_callback(Product::Conference, URL, &[]).unwrap_err();
    assert_eq!(error.status(), Status::EmptyCommandList);
    for word in ["", " ", "Room.CallbackOfTomorrow\n", "Room.CallbackOfTomorrow,Room.Other more"] {
        let error = client.set_callback(Product::Conference, URL, &[CREATED, word]).unwrap_err();
        assert_eq!(error.status(), Status::UnknownCommand, "{word:?}");
    }
    assert_eq!(server.seen().len(), 1);
}
