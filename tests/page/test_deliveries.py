"""The list of deliveries, its filters, and one delivery in full."""

import subprocess

from conftest import ENTER, RIGHT, WRONG
from playwright.sync_api import expect


def rows(page):
    return page.locator("#deliveries tr")


def test_a_delivery_appears_at_once_with_its_outcome_in_words(emulator, host, open_page):
    emulator.register(host)
    page = open_page()
    expect(page.locator("#deliveries-empty")).to_be_visible()
    emulator.send('{"RoomId":"r-17"}')
    expect(rows(page)).to_have_count(1)
    expect(rows(page).first).to_contain_text("AfterMemberEnter")
    expect(rows(page).first).to_contain_text("r-17")
    expect(rows(page).first).to_contain_text("Right")
    host.reply = lambda body: (200, WRONG)
    emulator.send()
    expect(rows(page).first).to_contain_text('ActionStatus must be "OK"')
    host.reply = lambda body: (0, "")
    emulator.send()
    expect(rows(page).first).to_contain_text("No reply")
    expect(rows(page)).to_have_count(3)


def test_what_another_process_sent_is_there_too(emulator, host, open_page):
    page = open_page()
    emulator.run("trigger", "AfterStartCall", "--to", host.url)
    expect(rows(page).first).to_contain_text("AfterStartCall")
    rows(page).first.click()
    expect(page.locator("#detail-facts")).to_contain_text("sent by trigger")


def test_a_delivery_shows_request_reply_and_body_laid_out_or_raw(emulator, host, open_page):
    emulator.register(host)
    body = '{"CallbackCommand":"x", "big":12345678901234567890.10,"text":"\\u00e9<i>"}'
    host.reply = lambda body: (200, WRONG)
    emulator.send(body)
    page = open_page()
    rows(page).first.locator("a").click()
    expect(page.locator("#detail-verdict")).to_contain_text("Wrong: ActionStatus")
    content = page.locator("#detail-content")
    expect(content).to_contain_text(f"POST {host.url}")
    expect(page.get_by_role("row", name="CallbackCommand")).to_contain_text(ENTER)
    expect(content).to_contain_text("<b>no</b>")
    shown = content.get_by_role("region", name="Body")
    expect(shown).to_contain_text('"big": 12345678901234567890.10')
    page.get_by_role("button", name="Raw Body").click()
    assert content.get_by_role("region", name="Body").text_content() == body
    assert page.locator("#detail b, #detail i").count() == 0


def test_each_try_is_shown(emulator, host, open_page):
    emulator.register(host)
    page = open_page()
    answers = iter([(0, ""), (0, ""), (200, RIGHT)])
    host.reply = lambda body: next(answers)
    emulator.send(retries=3)
    rows(page).first.click()
    expect(page.locator("#detail-verdict")).to_contain_text("after 3 tries")
    expect(page.get_by_role("heading", name="Try 3")).to_be_visible()


def test_it_can_be_sent_again(emulator, host, open_page):
    emulator.register(host)
    emulator.send('{"once":1.0}')
    page = open_page()
    rows(page).first.click()
    page.get_by_role("button", name="Send again").click()
    expect(page.locator("#detail-result")).to_contain_text("Sent again. Right")
    expect(page.locator("#detail-facts")).to_contain_text("sent again after delivery")
    expect(rows(page)).to_have_count(2)
    (one, first), (other, second) = host.received
    assert first == second
    assert "Sign=" in other


def test_the_curl_copy_does_what_was_done(emulator, host, open_page):
    emulator.register(host)
    body = '@{"it\'s": "$HOME `x` \\\\ {a,b}[1-2]"}'
    emulator.send(body)
    page = open_page()
    rows(page).first.click()
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.locator("#detail-result")).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    subprocess.run(["bash", "-c", f"{copied} --silent"], check=True, capture_output=True)
    assert host.received[0] == host.received[1]


def test_filters_and_search_are_kept_in_the_address(emulator, host, open_page):
    emulator.register(host)
    emulator.register(host, "call")
    emulator.send('{"RoomId":"apple"}')
    emulator.send('{"CallId":"pear"}', command="Call.CallbackAfterStartCall")
    host.reply = lambda body: (500, "broken")
    emulator.send('{"RoomId":"cherry"}')
    page = open_page()
    expect(rows(page)).to_have_count(3)
    page.get_by_label("Product").select_option("call")
    expect(rows(page)).to_have_count(1)
    expect(rows(page).first).to_contain_text("pear")
    page.get_by_role("button", name="Clear").click()
    page.get_by_label("Outcome").select_option("wrong")
    expect(rows(page)).to_have_count(1)
    page.get_by_label("Outcome").select_option("")
    page.get_by_label("Command").select_option(ENTER)
    expect(rows(page)).to_have_count(2)
    page.get_by_label("Search").fill("APPLE")
    expect(rows(page)).to_have_count(1)
    expect(page.locator("#filters-count")).to_have_text("1 of 3")
    page.reload()
    expect(page.get_by_label("Search")).to_have_value("APPLE")
    expect(rows(page)).to_have_count(1)
    page.get_by_label("Search").fill("nothing like it")
    expect(page.locator("#deliveries-none")).to_be_visible()


def test_back_closes_what_was_opened(emulator, host, open_page):
    emulator.register(host)
    emulator.send()
    page = open_page()
    rows(page).first.locator("a").click()
    expect(page.locator("#detail")).to_be_visible()
    page.go_back()
    expect(page.locator("#detail")).to_be_hidden()


def test_five_hundred_deliveries_are_drawn_once(emulator, host, open_page):
    emulator.register(host)
    delivery = emulator.send()
    for _ in range(499):
        emulator.post("deliveries", delivery)
    page = open_page()
    expect(rows(page)).to_have_count(500)
    page.evaluate("for (const row of document.querySelectorAll('#deliveries tr')) row.wasThere = true")
    emulator.send('{"RoomId":"the-newest"}')
    expect(rows(page).first).to_contain_text("the-newest")
    expect(rows(page)).to_have_count(500)
    assert page.evaluate("[...document.querySelectorAll('#deliveries tr')].filter((row) => row.wasThere).length") == 499


def test_requests_and_configurations_have_their_views(emulator, host, open_page):
    page = open_page()
    page.get_by_role("link", name="Configurations").click()
    expect(page.get_by_role("article", name="conference")).to_contain_text("Nothing is registered")
    emulator.register(host)
    expect(page.get_by_role("article", name="conference")).to_contain_text(host.url)
    page.get_by_role("link", name="REST").click()
    expect(page.locator("#requests tr").first).to_contain_text("room_config/set_callback")
    expect(page.locator("#requests tr").last).to_contain_text("100301")
