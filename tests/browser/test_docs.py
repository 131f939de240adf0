"""Swagger UI, served by ourselves under a policy without anything inline."""

from playwright.sync_api import Page, expect


def test_every_call_is_listed_and_can_be_tried(page: Page, server: str) -> None:
    page.goto(f"{server}/docs")
    described = page.evaluate("fetch('/api/v1/openapi.json').then((answer) => answer.json())")
    operations = [operation for methods in described["paths"].values() for operation in methods]
    expect(page.locator(".opblock")).to_have_count(len(operations))

    health = page.locator("#operations-operation-healthz")
    health.locator(".opblock-summary-control").click()
    health.get_by_role("button", name="Execute").click()
    expect(health.locator(".live-responses-table .response-col_status").last).to_contain_text("200")


def test_its_problems_are_listed_as_examples(page: Page, server: str) -> None:
    page.goto(f"{server}/docs")
    health = page.locator("#operations-operation-healthz")
    health.locator(".opblock-summary-control").click()
    expect(health).to_contain_text("urn:descent:foreign-host")
    method, black, white = health.locator(".opblock-summary-method"), "rgb(0, 0, 0)", "rgb(255, 255, 255)"
    page.emulate_media(contrast="more")
    expect(method).to_have_css("color", white)
    expect(method).to_have_css("background-color", black)
    expect(health.locator(".opblock-summary-path")).to_have_css("color", black)
    page.emulate_media(contrast="no-preference", color_scheme="dark")
    expect(page.locator("html")).to_have_class("dark-mode")
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).not_to_have_class("dark-mode")
