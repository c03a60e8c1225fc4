"""The page stays told, whatever becomes of the connection."""

from conftest import Emulator, Proxy
from playwright.sync_api import expect


def test_what_happened_while_the_connection_was_lost_is_there_once(emulator, host, open_page):
    emulator.register(host)
    emulator.send('{"RoomId":"before"}')
    proxy = Proxy(emulator.url)
    page = open_page(url=proxy.url)
    expect(page.locator("#deliveries tr")).to_have_count(1)
    proxy.cut()
    expect(page.locator("#connection")).to_have_text("Connection lost")
    emulator.send('{"RoomId":"meanwhile"}')
    proxy.is_open = True
    expect(page.locator("#connection")).to_have_text("Live")
    emulator.send('{"RoomId":"after"}')
    expect(page.locator("#deliveries tr")).to_have_count(3)
    for row, room in enumerate(("after", "meanwhile", "before")):
        expect(page.locator("#deliveries tr").nth(row)).to_contain_text(room)


def test_another_emulator_in_the_place_of_this_one_begins_anew(emulator, host, open_page):
    emulator.register(host)
    emulator.send()
    page = open_page()
    expect(page.locator("#deliveries tr")).to_have_count(1)
    emulator.end()
    expect(page.locator("#connection")).to_have_text("Connection lost")
    other = Emulator(listen=emulator.url.removeprefix("http://"))
    try:
        expect(page.locator("#connection")).to_have_text("Live")
        expect(page.locator("#deliveries-empty")).to_be_visible()
        expect(page.locator("#count-configurations")).to_have_text("0")
    finally:
        other.end()
