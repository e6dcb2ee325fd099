import { expect, test } from "vitest";
import { fileName, svgDocument } from "./exportChart.ts";
import { fitted } from "./gridPicture.ts";
import { escaped, svgPen } from "./pen.ts";

const measure = (text: string): number => text.length * 6;

test("what is painted is written as SVG, nothing of it as markup", () => {
  const pen = svgPen(measure);
  pen.rect(1, 2.004, 3, 4, "red");
  pen.outline(0, 0, 10, 10, 'a"b', 2);
  pen.text("<script>&", 5, 6, { fill: "blue", align: "right" });
  pen.text("down", 5, 6, { fill: "blue", align: "left", turned: true });
  expect(pen.markup().split("\n")).toEqual([
    '<rect x="1" y="2" width="3" height="4" fill="red"/>',
    '<rect x="0" y="0" width="10" height="10" fill="none" stroke="a&quot;b" stroke-width="2"/>',
    '<text x="5" y="6" fill="blue" text-anchor="end" dominant-baseline="central">&lt;script&gt;&amp;</text>',
    '<text transform="translate(5 6) rotate(90)" fill="blue" text-anchor="start" dominant-baseline="central">down</text>',
  ]);
});

test("controls that XML cannot hold are left out", () => {
  expect(escaped("a\u0000b\u001f\tc\nd")).toBe("ab\tc\nd");
});

test("labels are cut to their room", () => {
  expect(fitted({ measure }, "Germany", 60)).toBe("Germany");
  expect(fitted({ measure }, "Germany", 30)).toBe("Germ…");
  expect(fitted({ measure }, "Germany", 1)).toBe("G…");
});

test("a file of its own, with what it is called", () => {
  const svg = svgDocument("<g/>", { title: "A < B", width: 10, height: 20, background: "#fff", font: 'font-size="11"' });
  expect(svg).toContain('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="20" viewBox="0 0 10 20" font-size="11">');
  expect(svg).toContain("<title>A &lt; B</title>");
});

test.each([
  ["Routing: A − B", "routing-a-b.png"],
  ["Wärmekarte", "warmekarte.png"],
  ["…", "chart.png"],
  ["../../etc/passwd", "etc-passwd.png"],
])("%j is a file name", (title, name) => {
  expect(fileName(title, "png")).toBe(name);
});
