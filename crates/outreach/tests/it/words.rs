//! Words as data: what comes out, and what must not go in.

use crate::help::{day, hanako, links, offer, press, print, shop, words};
use model::{Name, ShopProfile, Words};
use outreach::{FIELDS, Fields, Links, Press, WordsError};

#[test]
fn fields_as_a_letter_says_them() {
    for (words, expected) in [
        ("{{ addressee }}", "山田 花子 様"),
        ("{{ family_name }}様", "山田様"),
        ("{{ company | or(\"貴社\") }}", "貴社"),
        ("{{ last_product }}", "見本煎茶 100g"),
        ("{{ last_order }}", "2026年6月1日"),
        ("{{ days_silent }}日", "174日"),
        ("{{ n_orders }}回", "12回"),
        ("{{ first_order }}", "2024年5月1日"),
        ("{{ points }}ポイント（{{ points_expire }}まで）", "1,234ポイント（2027年3月31日まで）"),
        ("{{ coupon }}", "AKI-7Q2M"),
        ("{{ offer }}", "500円引き"),
        ("{{ offer_ends }}", "2026年12月25日(金)"),
        ("あと{{ offer_days_left }}日", "あと33日"),
        ("{{ greeting }}", "ご無沙汰しております"),
        ("{{ shop }} {{ contact }} {{ owner }}", "見本茶園 support@example.jp 佐藤"),
        ("{{ today }}", "2026年11月22日"),
        ("{% if points > 1000 %}多い{% else %}少ない{% endif %}", "多い"),
        ("{% if company %}{{ company }}{% endif %}なし", "なし"),
        ("{{ company or last_product }}", "見本煎茶 100g"),
        ("⸨0⸩ ⸨", "((0)) (("),
        ("{# 覚え書き #}本文 {{ \"}}\" }}", "本文 }}"),
    ] {
        let letter = print(words).unwrap_or_else(|e| panic!("{words}: {e}"));
        let first = letter.text.lines().next().expect("a line");
        assert_eq!(first, expected, "{words}");
    }
    assert_eq!(FIELDS.len(), 31);
    for (field, ja, en) in FIELDS {
        assert!(!ja.is_empty() && !en.is_empty());
        let found = print(&format!("{{{{ {field} | or('x') }}}}"));
        assert!(found.is_ok(), "{field}: {found:?}");
    }
}

#[test]
fn a_missing_value_stops_the_letter_and_names_the_field() {
    let nobody = Fields::unknown(day("2026-11-22"));
    for (body, field) in [
        ("{{ last_product }}", "last_product"),
        ("前に {{ coupon }} 後に", "coupon"),
        ("{{ \"商品: \" ~ last_product }}", "last_product"),
        ("{{ company | or(coupon) }}", "coupon"),
        ("[x](https://shop.example.jp/?c={{ coupon }})", "coupon"),
        ("{{ last_order if n_orders }}", "n_orders"),
    ] {
        let press = press(&words("件名", body)).expect(body);
        let found = press.print(&nobody, &links()).expect_err(body);
        assert_eq!(found, WordsError::Missing { field: field.into() }, "{body}");
    }
    let subject = press(&words("{{ last_product }}の件", "本文")).expect("words");
    assert!(matches!(subject.print(&nobody, &links()), Err(WordsError::Missing { .. })));
}

#[test]
fn gaps_are_the_fields_without_a_fallback() {
    for (body, expected) in [
        ("{{ addressee }} {{ greeting }} {{ shop }} {{ offer }} {{ today }}", vec![]),
        ("{{ last_product | or(\"ご愛用の商品\") }}", vec![]),
        ("{{ last_product }} {{ points }}", vec!["last_product", "points"]),
        ("{% if coupon %}{{ coupon }}{% endif %}", vec![]),
        ("{{ family_name ~ (coupon or \"x\") }}", vec!["family_name"]),
    ] {
        let press = press(&words("件名", body)).expect(body);
        assert_eq!(press.gaps(day("2026-11-22")).expect(body), expected, "{body}");
    }
    // An offer that is not there is a gap.
    let press = Press::new(&words("x", "{{ offer_ends }}"), &shop(), None, "佐藤").expect("words");
    assert_eq!(press.gaps(day("2026-11-22")).expect("gaps"), ["offer_ends"]);
}

#[test]
fn hostile_values_stay_words() {
    for (name, html, subject) in [
        (
            "<script>alert(1)</script>",
            "&lt;script&gt;alert(1)&lt;&#x2f;script&gt;",
            "<script>alert(1)</script> 様",
        ),
        ("{{ coupon }}{% if 1 %}", "{{ coupon }}{% if 1 %}", "{{ coupon }}{% if 1 %} 様"),
        ("\" onload=\"x", "&quot; onload=&quot;x", "\" onload=\"x 様"),
        ("髙﨑 𠮷", "髙﨑 𠮷", "髙﨑 𠮷 様"),
        ("a\r\nBcc: b@example.jp", "a  Bcc: b@example.jp", "a  Bcc: b@example.jp 様"),
        ("[x](javascript:alert)", "[x](javascript:alert)", "[x](javascript:alert) 様"),
    ] {
        let press = press(&words("{{ addressee }}", "{{ addressee }}")).expect("words");
        let name = Name { given: name.into(), ..Name::default() };
        let letter = press.print(&Fields { name, ..hanako() }, &links()).expect("a letter");
        assert!(letter.html.contains(html), "{html} in {}", letter.html);
        assert_eq!(letter.subject, subject);
    }
    let press = press(&words("x", "[見る](https://shop.example.jp/?c={{ coupon }})")).expect("words");
    let coupon = "a&b=c\"><script>/../".to_owned();
    let letter = press.print(&Fields { coupon, ..hanako() }, &links()).expect("a letter");
    let url = "https://shop.example.jp/?c=a%26b%3Dc%22%3E%3Cscript%3E%2F..%2F";
    assert!(letter.html.contains(url) && letter.text.contains(url), "{}", letter.text);
    assert!(press.links().is_empty());
}

#[test]
fn what_words_may_not_do() {
    let unknown = press(&words("x", "{{ adressee }}")).err();
    assert_eq!(unknown, Some(WordsError::Unknown { field: "adressee".into() }));
    for body in [
        "{% include \"/etc/passwd\" %}",
        "{% import \"x\" as y %}",
        "{% extends \"x\" %}",
        "{% for i in [1] %}{% endfor %}",
        "{% set x = 1 %}",
        "{% autoescape false %}{{ coupon }}{% endautoescape %}",
        "{% raw %}x{% endraw %}",
        "{% macro m() %}{% endmacro %}",
        "{% if coupon %}",
        "{{ coupon",
        "{{ coupon | safe }}",
        "{{ coupon | upper }}",
        "{{ 1 + }}",
    ] {
        let found = press(&words("x", body)).err().or_else(|| print(body).err());
        assert!(matches!(found, Some(WordsError::Malformed { .. })), "{body}: {found:?}");
    }
    for (body, why) in [
        ("{{ 1 }}".repeat(20_000), "fuel"),
        (format!("{{{{ {}1{} }}}}", "(".repeat(5_000), ")".repeat(5_000)), "nested too deep"),
        (format!("{{{{ {}1 }}}}", "not ".repeat(5_000)), "nested too deep"),
        ("{{ \"x\" * 600000 }}".to_owned(), "a long value"),
        ("{{ coupon * 90000 }}".to_owned(), "a long value"),
        ("長".repeat(100_000), "long words"),
    ] {
        let found = press(&words("x", &body)).err().or_else(|| print(&body).err());
        assert!(matches!(found, Some(WordsError::TooLarge { .. })), "{why}: {found:?}");
    }
    for deep in [
        format!("{{{{ {}1{} }}}}", "(".repeat(240), ")".repeat(240)),
        format!("{{{{ {}1 }}}}", "[".repeat(480)),
        "{% if 1 %}".repeat(5_000) + &"{% endif %}".repeat(5_000),
    ] {
        let found = press(&words("x", &deep)).err();
        assert!(matches!(found, Some(WordsError::Malformed { .. })), "{deep:.20}: {found:?}");
    }
}

#[test]
fn links_are_numbered_and_lead_where_they_may() {
    let body = "[一](https://shop.example.jp/a?x=1&y=2)\n\n本文 [二](/b) と [電話](tel:0312340000) と [一](https://shop.example.jp/a?x=1&y=2)";
    let press = press(&words("x", body)).expect("words");
    assert_eq!(
        press.links(),
        ["https://shop.example.jp/a?x=1&y=2", "https://shop.example.jp/b", "tel:0312340000"]
    );
    let plain = press.print(&hanako(), &links()).expect("a letter");
    assert!(
        plain.html.contains("href=\"https:&#x2f;&#x2f;shop.example.jp&#x2f;b\"")
            || plain.html.contains("href=\"https://shop.example.jp/b\"")
    );
    let click = |n: usize| format!("https://mail.example.jp/c/{n}");
    let counted = Links {
        click: Some(&click),
        pixel: Some("https://mail.example.jp/o/1".into()),
        trap: Some("https://mail.example.jp/t/1".into()),
        preferences: Some("https://mail.example.jp/p/1".into()),
        refresh: None,
        ..links()
    };
    let letter = press.print(&hanako(), &counted).expect("a letter");
    for text in [&letter.text, &letter.html.replace("&#x2f;", "/")] {
        assert!(text.contains("https://mail.example.jp/c/0") && text.contains("https://mail.example.jp/c/1"));
        assert!(!text.contains("/c/2") && text.contains("tel:0312340000"), "{text}");
        assert!(!text.contains("shop.example.jp/b") && text.contains("https://mail.example.jp/p/1"));
    }
    let html = letter.html.replace("&#x2f;", "/");
    assert!(
        html.contains("src=\"https://mail.example.jp/o/1\"")
            && html.contains("href=\"https://mail.example.jp/t/1\"")
    );
    assert!(!letter.text.contains("/t/1") && !letter.text.contains("/o/1"));
    for target in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "//evil.example.jp/",
        "https://",
        "shop.example.jp",
        "https://{{ coupon }}",
        "https://x{{ coupon }}.example.jp/",
        "{{ coupon }}",
        "https://shop.example.jp/{% if coupon %}a{% endif %}",
        "file:///etc/passwd",
    ] {
        let found = crate::help::press(&words("x", &format!("[x]({target})"))).err();
        assert!(matches!(found, Some(WordsError::Link { .. })), "{target}: {found:?}");
    }
}

#[test]
fn every_letter_has_its_foot() {
    let own = Words {
        mjml: "<mjml><mj-body><mj-section><mj-column><mj-text>自由 {{ addressee }}</mj-text>\
               <mj-image src=\"https://shop.example.jp/a.png\" /></mj-column></mj-section></mj-body></mjml>"
            .into(),
        preheader: "前書き {{ points }}".into(),
        ..words("件名", "本文の文字版")
    };
    let framed = Words { preheader: "前書き {{ points }}".into(), ..words("件名", "本文") };
    for words in [own, framed] {
        let letter = press(&words).expect("words").print(&hanako(), &links()).expect("a letter");
        let html = letter.html.replace("&#x2f;", "/");
        for text in [&html, &letter.text] {
            for part in [
                "株式会社見本茶園",
                "静岡県静岡市葵区見本1-2-3",
                "support@example.jp",
                "配信停止",
                "https://mail.example.jp/u/abc",
                "お取引のあるお客様",
            ] {
                assert!(text.contains(part), "{part} in {text}");
            }
            assert!(!text.contains("{{") && !text.contains("{%") && !text.contains('⸨'), "{text}");
        }
        assert_eq!(letter.preheader, "前書き 1,234");
        assert!(html.contains("前書き 1,234") && html.contains("lang=") && html.len() < 60_000);
    }
    for (lacking, en) in [
        (ShopProfile { name: String::new(), legal_name: String::new(), ..shop() }, "name"),
        (ShopProfile { address: " ".into(), ..shop() }, "address"),
        (ShopProfile { contact: String::new(), ..shop() }, "contact"),
    ] {
        let found = Press::new(&words("x", "y"), &lacking, Some(&offer()), "佐藤").err();
        assert!(matches!(found, Some(WordsError::Profile { en: e, .. }) if e == en), "{found:?}");
    }
}

#[test]
fn own_mjml_brings_nothing_from_elsewhere() {
    let body = |inner: &str| {
        format!("<mjml><mj-body><mj-section><mj-column>{inner}</mj-column></mj-section></mj-body></mjml>")
    };
    for mjml in [
        "<mjml></mjml>".to_owned(),
        "<mj-body></mj-body>".to_owned(),
        "<p>x</p>".to_owned(),
        body("<mj-include path=\"/etc/passwd\" />"),
        body("<mj-text><script>x</script></mj-text>"),
        body("<mj-image src=\"http://evil.example.jp/x.png\" />"),
        body("<mj-image src=\"file:///etc/passwd\" />"),
        body("<mj-button href=\"javascript:x\">x</mj-button>"),
        body("<mj-text><a href=\"data:text/html,x\">x</a></mj-text>"),
        body("<mj-text><a href='javascript:x'>x</a></mj-text>"),
        body("<mj-text>閉じない"),
    ] {
        let words = Words { mjml, ..words("x", "y") };
        let found = press(&words).err();
        let refused = matches!(found, Some(WordsError::Malformed { .. } | WordsError::Link { .. }));
        assert!(refused, "{}: {found:?}", words.mjml);
    }
}

#[test]
fn a_body_becomes_html_and_text() {
    let body = "## 見出し\n\n一行目\n**太字** & <b>\n\n- 一つ\n- 二つ\n\n{% if coupon %}\n[クーポンを使う](https://shop.example.jp/c)\n{% endif %}";
    let letter = print(body).expect("a letter");
    for part in [
        "見出し",
        "一行目<br",
        "<strong>太字</strong> &amp; &lt;b&gt;",
        "<li>一つ</li><li>二つ</li>",
        "クーポンを使う",
    ] {
        assert!(letter.html.contains(part), "{part} in {}", letter.html);
    }
    let expected = "■ 見出し\n\n一行目\n太字 & <b>\n\n・一つ\n・二つ\n";
    assert!(letter.text.starts_with(expected), "{}", letter.text);
    assert!(!letter.text.contains("\n\n\n"), "{}", letter.text);
    assert!(letter.html.contains("<title>見本茶園</title>"));
    let without = press(&words("x", body)).expect("words");
    let without = without.print(&Fields { coupon: String::new(), ..hanako() }, &links()).expect("a letter");
    assert!(!without.html.contains("クーポンを使う") && !without.text.contains("クーポンを使う"));
}
