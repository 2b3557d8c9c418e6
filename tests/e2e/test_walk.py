"""From a call to everybody home: four windows walk the whole path on the demo ground."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CORNERS = ["47.1500 9.5300", "47.1500 9.5500", "47.1400 9.5500", "47.1400 9.5300"]
PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
HERE = {
    "geolocation": {"longitude": 9.5401, "latitude": 47.1452, "accuracy": 12.0},
    "permissions": ["geolocation"],
}


def test_the_whole_path(window: Callable[..., Window]) -> None:
    """A call becomes a search with sectors and tasks; phones and ministries answer; everybody gets home."""
    desk = window("desk", viewport={"width": 1280, "height": 800})
    open_case_and_search(desk)
    set_points_and_area(desk)
    cut_into_sectors(desk)
    code = release_and_print(desk)
    phone = window("phone", **PHONE, **HERE)
    join(phone, code)
    put_on_site(desk)
    form_teams(desk)
    second = window("second", locale="en", viewport={"width": 1280, "height": 800})
    give_one_sector_twice(desk, second)
    phone_without_network(phone, desk)
    headquarters_speaks_for_a_team(desk)
    sos(phone, desk)
    found_and_stop(phone, desk, second)
    joint_request(desk, window)
    close(desk, phone)


def open_case_and_search(desk: Window) -> None:
    desk.open("/")
    desk.shot("01-sign-in")
    desk.accessible()
    desk.sign_in("coordinator")
    desk.button("home-open-case").click()
    desk.field("open-case-who").fill("Тестова Мария, 71 год")
    desk.field("open-case-place").fill("лесная дорога выше Вадуца")
    desk.dialog().get_by_role("checkbox", name=desk.t("unknown")).nth(2).check()  # nobody knows when
    desk.dialog().get_by_role("checkbox", name=desk.t("exercise")).check()
    desk.shot("02-open-case")
    desk.accessible()
    desk.button("open-case-submit", desk.dialog()).click()
    desk.sees("Тестова Мария, 71 год")
    desk.button("case-open-operation").click()
    if desk.page.get_by_role("dialog").count() or desk.page.locator("form#open-operation").count():
        desk.page.locator("form").last.get_by_role("button", name=desk.t("case-open-operation")).click()
    desk.sees(desk.t("connection-live"))
    desk.sees(desk.t("exercise"))
    desk.button("area-draw").wait_for()


def set_points_and_area(desk: Window) -> None:
    desk.page.keyboard.press("l")
    desk.field("point-typed").fill("47°08'42\"N 9°32'24\"E")
    desk.field("point-typed").press("Enter")
    expect(desk.field("point-typed")).to_be_hidden()
    desk.page.keyboard.press("e")
    desk.field("point-typed").fill("47 08.500 N, 9 32.100 E")
    desk.field("point-typed").press("Enter")
    expect(desk.field("point-typed")).to_be_hidden()
    desk.page.keyboard.press("a")
    for corner in CORNERS:
        desk.field("area-corner").fill(corner)
        desk.field("area-corner").press("Enter")
        expect(desk.field("area-corner")).to_have_value("")
    desk.shot("03-area")
    desk.button("area-save").click()
    expect(desk.field("area-corner")).to_be_hidden()


def cut_into_sectors(desk: Window) -> None:
    desk.page.keyboard.press("p")
    desk.page.get_by_role("radio", name=desk.t("partition-natural")).check()
    desk.page.locator("button[form=partition]").click()
    desk.sees("Готово: секторов", limit_ms=60_000)
    desk.shot("04-natural-partition")
    desk.page.get_by_role("radio", name=desk.t("partition-grid")).check()
    desk.page.locator("button[form=partition]").click()
    expect(desk.page.locator("button[form=partition][aria-busy=false]")).to_be_visible()
    desk.sees("Готово: секторов 16")
    desk.page.keyboard.press("Escape")
    desk.tab("sectors")
    desk.sees("А1")
    desk.shot("05-grid")
    desk.accessible()


def release_and_print(desk: Window) -> str:
    desk.page.keyboard.press("b")
    desk.field("briefing-text", desk.dialog()).fill("Лес, вечер, дождь. Ищем женщину в красной куртке.")
    desk.field("briefing-radio").fill("1, 433.075")
    desk.dialog().get_by_label(desk.t("briefing-phone-title")).first.fill("Штаб")
    desk.dialog().get_by_label(desk.t("briefing-phone-number")).first.fill("+7 000 100-00-01")
    desk.button("briefing-release", desk.dialog()).click()
    expect(desk.page.get_by_role("dialog")).to_have_count(0)
    operation = desk.page.url
    desk.page.get_by_role("button", name=desk.t("menu-more")).click()
    desk.page.get_by_role("menuitem", name=desk.t("action-join")).click()
    code = desk.page.locator(".code").inner_text().strip()
    assert re.fullmatch(r"\w{10}", code)
    desk.shot("06-join-sheet")
    desk.accessible()
    desk.page.goto(operation)
    desk.sees(desk.t("connection-live"))
    return code


def join(phone: Window, code: str) -> None:
    phone.open(f"/field/#{code}")
    phone.field("field-join-name").fill("Волкова Анна")
    phone.field("field-join-callsign").fill("Арвен")
    phone.page.get_by_role("checkbox").check()
    phone.shot("07-join")
    phone.accessible()
    phone.button("field-join-submit").click()
    phone.button("word-going").click()
    phone.sees(phone.t("report-filed"))
    phone.button("word-arrived").click()
    phone.sees(phone.t("field-arrived-title"))
    phone.shot("08-arrived")


def put_on_site(desk: Window) -> None:
    for callsign in ("Гром", "Кедр"):
        desk.page.keyboard.press("n")
        desk.field("person-callsign").fill(callsign)
        desk.button("person-add", desk.dialog()).click()
        desk.sees(callsign, within=desk.dialog())
        desk.page.keyboard.press("Escape")
        expect(desk.page.get_by_role("dialog")).to_have_count(0)
    desk.tab("people")
    desk.page.get_by_role("button", name=re.compile("Арвен")).first.click()
    desk.button("participant-on_site").click()
    expect(desk.page.get_by_role("button", name=re.compile("Арвен.*Зарегистрирован")).first).to_be_visible()
    desk.shot("09-people")


def form_team(desk: Window, *members: str) -> str:
    desk.page.keyboard.press("t")
    for member in members:
        desk.dialog().get_by_role("checkbox", name=re.compile(member)).check()
    desk.dialog().get_by_role("radio", name=desk.t("team-leader")).first.check()
    callsign = desk.field("team-callsign", desk.dialog()).input_value()
    desk.button("action-team", desk.dialog()).click()
    expect(desk.page.get_by_role("dialog")).to_have_count(0)
    return callsign


def form_teams(desk: Window) -> None:
    desk.tab("teams")
    first = form_team(desk, "Арвен", "Гром")
    second = form_team(desk, "Кедр")
    assert first.startswith("Лиса-")
    assert first != second
    desk.sees(first)
    desk.shot("10-teams")
    desk.accessible()


def give_one_sector_twice(desk: Window, second: Window) -> None:
    """Both coordinators press at the same sector: one wins, the other is told who, and adds knowingly."""
    second.open("/")
    second.sign_in("coordinator", 1)
    second.page.goto(desk.page.url)
    second.sees(second.t("connection-live"))
    for one, team in ((desk, 0), (second, 1)):
        one.page.keyboard.press("g")
        form = one.page.locator("form#give-task")
        one.field("give-sector", form).select_option(label="Б2")
        one.field("give-team", form).select_option(index=team + 1)
    second.shot("11-give")
    second.context.set_offline(True)  # what he sees is old now
    desk.page.locator("button[form=give-task]").click()
    expect(desk.page.locator("form#give-task")).to_be_hidden()
    second.context.set_offline(False)
    second.page.locator("button[form=give-task]").click()
    second.button("give-add-knowingly").wait_for()
    second.sees(second.t("give-taken", team="Лиса-1"))
    second.shot("12-sector-taken")
    second.accessible()
    second.button("give-add-knowingly").click()
    expect(second.page.locator("form#give-task")).to_be_hidden()
    second.open("/")  # to another search's list: he comes back when it matters
    desk.tab("tasks")
    desk.sees("Лиса-2")
    desk.shot("13-tasks")


def phone_without_network(phone: Window, desk: Window) -> None:
    """Cut the network in the middle: reports wait, the page opens again, nothing is lost."""
    phone.sees("Б2")
    phone.shot("14-task")
    phone.accessible()
    phone.page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    phone.context.set_offline(True)
    latest = phone.page.locator(".latest")
    for word in ("word-out", "word-started"):
        phone.button(word).click()
        expect(latest).to_contain_text(phone.t(word))
        expect(latest).to_contain_text(phone.t("report-saved"))
    phone.page.reload()
    phone.sees("Б2")
    expect(latest).to_contain_text(phone.t("report-saved"))
    phone.shot("15-task-without-network")
    phone.context.set_offline(False)
    expect(latest).to_contain_text(phone.t("report-filed"))
    desk.tab("tasks")
    desk.sees(desk.t("task-on_task"))
    desk.tab("sectors")
    desk.sees(desk.t("sector-on_task"))
    desk.shot("16-on-task")


def headquarters_speaks_for_a_team(desk: Window) -> None:
    """Press what was said, who, Enter; the open team is known and three keys are enough."""
    desk.page.keyboard.press("r")
    desk.shot("17-radio")
    desk.page.keyboard.press("6")
    desk.field("report-who-label").fill("2")
    desk.shot("17-radio-who")
    desk.accessible()
    desk.page.keyboard.press("Enter")
    desk.sees(desk.t("report-filed"), within=desk.dialog())
    desk.page.keyboard.press("Escape")
    desk.tab("teams")
    desk.page.get_by_role("button", name=re.compile("Лиса-2")).first.click()
    desk.page.keyboard.press("r")
    expect(desk.dialog()).to_contain_text(desk.t("report-what-named", who="Лиса-2"))
    desk.page.keyboard.press("1")
    expect(desk.field("report-text", desk.dialog())).to_be_focused()
    desk.page.keyboard.press("Enter")
    desk.sees(desk.t("report-filed"), within=desk.dialog())
    desk.page.keyboard.press("Escape")
    desk.tab("tasks")
    desk.sees(desk.t("task-out"))


def sos(phone: Window, desk: Window) -> None:
    """Hold an SOS back: after ten seconds it fills the screen; it keeps trying, and a person takes it."""
    phone.page.route("**/api/operations/*/events*", lambda route: route.abort())
    press = phone.page.get_by_role("button", name=phone.t("word-sos"))
    press.click()
    press.click()
    phone.sees(phone.t("alarm-sos-not-delivered"), limit_ms=20_000)
    phone.sees("47.14")
    expect(phone.page.locator("a[href^='sms:']").first).to_be_visible()
    phone.shot("18-sos-not-delivered")
    phone.accessible()
    phone.page.unroute("**/api/operations/*/events*")
    phone.sees(phone.t("field-sos-filed"), limit_ms=30_000)
    desk.sees("SOS:")
    desk.shot("19-sos-band")
    desk.accessible()
    desk.button("alarm-take").click()
    phone.page.get_by_text("занимается", exact=False).or_(
        phone.page.get_by_text("Занимается")
    ).first.wait_for()
    phone.shot("20-sos-taken")
    phone.button("field-sos-put-away").click()


def found_and_stop(phone: Window, desk: Window, second: Window) -> None:
    """«Нашли» goes to headquarters, which stops the search in one press; every phone says СТОП."""
    second.page.goto(desk.page.url)
    phone.button("word-found").click()
    phone.shot("21-found")
    phone.button("condition-carried").click()
    phone.sees(phone.t("field-found-wait"))
    phone.sees(phone.t("report-filed"))
    phone.page.go_back()
    desk.sees(desk.t("condition-carried"))
    desk.shot("22-found-band")
    desk.page.get_by_role("button", name=desk.t("operation-hold_verify")).last.click()
    phone.sees(phone.t("operation-hold_verify"))
    phone.shot("23-stop")
    desk.sees("СТОП не подтвердили: 2")
    phone.button("field-stop-seen").click()
    desk.sees("СТОП не подтвердили: 1")
    second.sees(second.t("operation-hold_verify"))
    second.shot("24-stop")


def joint_request(desk: Window, window: Callable[..., Window]) -> None:
    """МВД confirms the case and asks МЧС; a named officer receives and answers; headquarters sees it live."""
    police = window("police", viewport={"width": 1280, "height": 800})
    police.open("/duty")
    police.sign_in("police")
    police.page.get_by_role("link", name=police.t("duty-cases")).click()
    police.page.get_by_text("Тестова Мария", exact=False).first.click()
    police.button("duty-confirm-case").click()
    police.field("duty-kusp").fill("4711")
    police.field("duty-confirm-officer").fill("Примеров Олег Ильич")
    police.page.get_by_label(re.compile("Телефон")).last.fill("+7 000 200-00-02")
    police.shot("25-confirm")
    police.button("duty-confirm-case", police.page.locator("form").last).click()
    police.sees("4711")
    desk.tab("case")
    desk.sees("4711")
    police.button("duty-ask").click()
    police.page.get_by_role("checkbox", name=re.compile("МЧС")).first.check()
    police.field("duty-what").fill("Спасатели с носилками")
    police.page.get_by_label(police.t("duty-how-many")).first.fill("6")
    police.field("duty-place").fill("стоянка у канатной дороги")
    police.field("duty-contact").fill("Волкова, +7 000 100-00-01")
    police.field("duty-basis").fill("КУСП 4711")
    police.shot("26-ask")
    police.accessible()
    police.button("duty-ask-send").click()
    police.sees(police.t("request-requested"))
    answer_as_emergency(desk, window("emergency", locale="en", viewport={"width": 1280, "height": 800}))


def answer_as_emergency(desk: Window, emergency: Window) -> None:
    """Receive the request as a named officer and promise a part of it, with a time."""
    emergency.open("/duty")
    emergency.sign_in("emergency")
    emergency.sees("Спасатели с носилками")
    emergency.shot("27-queue")
    desk.tab("requests")
    desk.sees("Не принято дежурным")
    emergency.page.get_by_text("Спасатели с носилками", exact=False).first.click()
    emergency.field("duty-officer-name", emergency.dialog()).fill("Дежурный Семён")
    emergency.field("duty-officer-post", emergency.dialog()).fill("СОД ЦУКС")
    emergency.field("duty-officer-phone", emergency.dialog()).fill("+7 000 300-00-03")
    emergency.button("duty-officer-open", emergency.dialog()).click()
    emergency.sees("СОД ЦУКС")
    emergency.button("duty-accept").click()
    emergency.page.get_by_role("spinbutton").fill("4")
    emergency.page.locator("input[type=datetime-local]").fill("2027-01-01T06:30")
    emergency.shot("28-answer")
    emergency.accessible()
    emergency.page.locator("form button[type=submit]").click()
    emergency.sees(emergency.t("commitment-accepted-partly"))
    desk.page.get_by_text("Спасатели с носилками", exact=False).first.click()
    desk.sees("СОД ЦУКС")
    desk.sees(desk.t("commitment-accepted-partly"))
    desk.shot("29-answered")
    desk.accessible()


def close(desk: Window, phone: Window) -> None:
    """Everyone not home is listed; each is resolved by a word, the phone's owner by his own tap."""
    phone.button("field-more").click()
    phone.button("word-returning").or_(phone.button("word-finished")).first.click()
    desk.page.get_by_role("button", name=desk.t("menu-more")).click()
    desk.page.get_by_role("menuitem", name=desk.t("action-closing")).click()
    desk.sees("Не все дома")
    desk.shot("30-not-home")
    desk.accessible()
    while (left := desk.dialog().get_by_role("button", name=desk.t("resolution-called_at_home"))).count() > 0:
        before = left.count()
        left.first.click()
        expect(left).to_have_count(before - 1)
    desk.field("closing-outcome", desk.dialog()).select_option(label=desk.t("operation-closed-found_alive"))
    desk.page.locator("button[form=closing]").click()
    desk.sees(desk.t("operation-closed-found_alive"))
    desk.shot("31-closed")
    phone.sees(phone.t("field-home-title"))
    phone.shot("32-home")
