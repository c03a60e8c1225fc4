"""By keyboard, by screen reader, in both themes, on a narrow screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ENTER, WRONG
from playwright.sync_api import expect

NARROW, WIDE = (360, 740), (1280, 800)


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


@pytest.fixture
def places(emulator, host):
    """The hashes of all that the page can show, with deliveries of each outcome."""
    emulator.register(host)
    emulator.send('{"RoomId":"' + "a-very-long-room-" * 3 + '"}')
    host.reply = lambda body: (200, WRONG)
    wrong = emulator.send()
    host.reply = lambda body: (0, "")
    emulator.send(retries=2)
    return [
        "view=deliveries",
        f"show={wrong['id']}",
        f"compose={ENTER}",
        "view=requests",
        "view=configurations",
        "q=nothing+like+it",
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(places, open_page, theme, size):
    page = open_page(theme=theme, width=size[0], height=size[1])
    for place in places:
        page.evaluate("hash => { location.hash = hash; }", place)
        if "compose" in place:
            page.get_by_role("textbox", name="Body").fill('{\n"a" 1}')
            expect(page.locator("#problems li")).to_have_count(1)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{place}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], place


def test_the_whole_of_it_works_by_keyboard(emulator, host, open_page):
    emulator.register(host)
    emulator.send('{"RoomId":"first"}')
    page = open_page()
    expect(page.locator("#deliveries tr")).to_have_count(1)
    walk = []
    for _ in range(6):
        page.keyboard.press("Tab")
        walk.append(focused(page).split()[0])
    assert walk == ["skip", "Deliveries", "REST", "Configurations", "theme", "compose-open"]
    page.keyboard.press("Enter")
    expect(page.locator("#compose-heading")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "command"
    page.keyboard.type("Room.CallbackAfterDestroy")
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "to"
    page.keyboard.press("Enter")
    expect(page.locator("#compose-result")).to_contain_text("Right after")
    assert "CallbackCommand=Room.CallbackAfterDestroyRoom" in host.received[-1][0]
    page.keyboard.press("Escape")
    expect(page.locator("#compose")).to_be_hidden()
    expect(page.locator("#compose-open")).to_be_focused()

    page.locator("#deliveries a").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#detail-heading")).to_be_focused()
    expect(page.locator("#detail-content")).to_contain_text("first")
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.locator("#detail-resend")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#detail-result")).to_contain_text("Sent again")
    page.keyboard.press("Escape")
    expect(page.locator("#deliveries a").last).to_be_focused()


def test_the_focus_can_always_be_seen(open_page):
    page = open_page()
    for _ in range(6):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style != "none", focused(page)


def test_new_deliveries_are_announced_and_a_flood_in_one_sentence(emulator, host, open_page):
    emulator.register(host)
    page = open_page()
    announcer = page.locator("#announcer")
    delivery = emulator.send()
    expect(announcer).to_have_text("AfterMemberEnter: Right")
    page.evaluate(
        "window.said = []; new MutationObserver(() => said.push(document.getElementById('announcer').textContent))"
        ".observe(document.getElementById('announcer'), { childList: true })"
    )
    for _ in range(100):
        emulator.post("deliveries", delivery)
    expect(page.locator("#deliveries tr")).to_have_count(101)
    expect(announcer).to_contain_text("new deliveries, all right")
    assert len(page.evaluate("said")) <= 3


def test_the_theme_follows_the_system_until_one_is_chosen_and_is_remembered(open_page):
    page = open_page(theme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    theme = page.locator("#theme")
    theme.click()
    expect(theme).to_contain_text("Light")
    assert page.evaluate(ground) != dark
    page.reload()
    expect(theme).to_contain_text("Light")
    assert page.evaluate(ground) != dark
