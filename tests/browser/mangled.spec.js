// Links and numbers as chats, mail programs and other countries pass them on.
import { expect, openAt, test } from "./fixtures.js";

test("a decimal comma trains nothing, in a field, a link or an attribute, and the sentence shows the point", async ({ page }) => {
  await openAt(page, "running");
  await page.locator('[data-part="start"]').click();
  await page.locator('[name="lr"]').fill("0,002");
  await page.locator('[name="lr"]').blur();
  await expect(page.locator('[data-error="lr"]')).toHaveText(/“0,002” is not a number as it is written here, 0\.002: it must be from/);
  await page.goto("?v=1&t=3&lr=0,002");
  await expect(page.locator('[data-part="notes"]')).toHaveText(/“0,002” is not a number as it is written here, 0\.002.*Taken instead: 0\.001/);
});
