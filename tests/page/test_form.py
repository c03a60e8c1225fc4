"""The form that sends an event."""

import json

from conftest import ENTER, Emulator
from playwright.sync_api import expect

SENT = "#compose-result"


def open_form(page):
    page.get_by_role("button", name="Send an event").first.click()
    expect(page.locator("#compose-heading")).to_be_focused()


def test_an_event_goes_to_the_registered_server_and_comes_back_with_its_reply(emulator, host, open_page):
    emulator.register(host)
    page = open_page()
    open_form(page)
    page.get_by_role("combobox", name="Event", exact=True).select_option(ENTER)
    expect(page.locator("#problems-summary")).to_have_text("The body is an event as Tencent sends it.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(SENT)).to_contain_text("Right after")
    path, body = host.received[0]
    assert f"CallbackCommand={ENTER}" in path and "&Sign=" in path
    assert json.loads(body)["CallbackCommand"] == ENTER
    expect(page.locator("#deliveries tr").first).to_contain_text("AfterMemberEnter")
    page.get_by_role("link", name="Show it").click()
    expect(page.locator("#detail-verdict")).to_contain_text("the reply is what Tencent asks for")


def test_a_body_typed_wrongly_is_marked_at_its_line(open_page):
    page = open_page(f"/#compose={ENTER}")
    body = page.get_by_role("textbox", name="Body")
    body.fill('{\n  "CallbackCommand": "Room.CallbackAfterMemberEnter",\n  "RoomId" 7\n}')
    expect(page.locator('#gutter [data-mark="!"]')).to_have_text("3")
    expect(body).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#problems-summary")).to_have_text("1 error")
    expect(page.locator("#send")).to_have_text("Send as it is")
    page.get_by_role("button", name="Line 3, column 12").click()
    expect(body).to_be_focused()
    assert body.evaluate("area => area.value.slice(area.selectionStart)").startswith("7")


def test_what_differs_from_the_sample_is_a_note_at_its_line_and_no_error(open_page):
    page = open_page(f"/#compose={ENTER}")
    body = page.get_by_role("textbox", name="Body")
    expect(page.locator("#gutter div").nth(5)).to_be_visible()
    body.evaluate("area => { area.value = area.value.replace('{', '{\\n  \"Extra\": true,'); area.dispatchEvent(new Event('input')); }")
    expect(page.locator('#gutter [data-mark="·"]')).to_have_text("2")
    expect(page.locator("#problems")).to_contain_text("Extra is not in Tencent's sample")
    expect(body).to_have_attribute("aria-invalid", "false")


def test_a_configuration_leads_to_its_event_and_application(open_page):
    emulator = Emulator("--sdk-app-id", "1400000000", "--sdk-app-id", "1400000001")
    try:
        page = open_page("/#view=configurations", url=emulator.url)
        product = page.get_by_role("article", name="call of application 1400000001")
        product.get_by_role("button", name="Send AfterEndCall").click()
        expect(page.get_by_role("combobox", name="Event", exact=True)).to_have_value("Call.CallbackAfterEndCall")
        expect(page.get_by_role("combobox", name="Application")).to_have_value("1400000001")
        page.keyboard.press("Escape")
        expect(product.get_by_role("button", name="Send AfterEndCall")).to_be_focused()
    finally:
        emulator.end()


def test_what_cannot_be_sent_is_said(open_page):
    page = open_page(f"/#compose={ENTER}")
    expect(page.locator("#to-hint")).to_contain_text("Nothing is registered for conference")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(SENT)).to_contain_text("Not sent: application 1400000000 has no URL registered")


def test_a_forged_sign_is_expected_to_be_refused(host, open_page):
    host.reply = lambda body: (403, "no")
    page = open_page(f"/#compose={ENTER}")
    page.get_by_label("URL").fill(host.url)
    page.get_by_label("Sign").select_option("forged")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(SENT)).to_contain_text("status 403, as expected")


def test_a_delivery_can_be_edited_and_sent(emulator, host, open_page):
    emulator.register(host)
    emulator.send('{"CallbackCommand": "x", "kept": 1.50}')
    page = open_page()
    page.locator("#deliveries tr").first.click()
    page.get_by_role("button", name="Edit and send").click()
    body = page.get_by_role("textbox", name="Body")
    expect(body).to_have_value('{"CallbackCommand": "x", "kept": 1.50}')
    body.fill('{"changed": 1}')
    page.get_by_role("button", name="Send as it is").click()
    expect(page.locator(SENT)).to_contain_text("Right")
    assert host.received[1][1] == '{"changed": 1}'
