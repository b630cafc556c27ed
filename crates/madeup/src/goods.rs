//! What the shop sells: about forty made-up products.

/// One product. Prices are yen without tax.
pub(crate) struct Product {
    pub sku: &'static str,
    pub name: &'static str,
    pub category: &'static str,
    pub price: i64,
    /// How long one piece lasts.
    pub days: u32,
    /// Per cent that stays with the shop.
    pub margin: u32,
    /// Not named on an open card.
    pub sensitive: bool,
    /// The sku that takes its place, or empty.
    pub successor: &'static str,
}

const HEALTH: &str = "健康食品";
const BEAUTY: &str = "化粧品";
const FOOD: &str = "食品";

impl Product {
    /// Consumption tax in per cent: food is taxed at the reduced rate.
    pub fn tax_rate(&self) -> i64 {
        if self.category == BEAUTY { 10 } else { 8 }
    }

    /// Yen with tax, rounded as EC-CUBE does by default.
    pub fn with_tax(&self) -> i64 {
        self.price + (self.price * self.tax_rate() + 50) / 100
    }
}

const fn item(
    sku: &'static str,
    name: &'static str,
    category: &'static str,
    (price, days, margin): (i64, u32, u32),
) -> Product {
    Product { sku, name, category, price, days, margin, sensitive: false, successor: "" }
}

const fn sensitive(product: Product) -> Product {
    Product { sensitive: true, ..product }
}

const fn followed(product: Product, successor: &'static str) -> Product {
    Product { successor, ..product }
}

/// Everything; the last `GIFTS` are what people give.
pub(crate) const PRODUCTS: [Product; 40] = [
    item("H001", "あさひの青汁 30包", HEALTH, (3_600, 30, 62)),
    item("H002", "あさひの青汁 90包", HEALTH, (9_720, 90, 60)),
    item("H003", "にんにく卵黄 60粒", HEALTH, (2_980, 30, 65)),
    followed(item("H004", "黒酢の力 90粒", HEALTH, (3_200, 30, 64)), "H005"),
    item("H005", "黒酢の力プラス 90粒", HEALTH, (3_480, 30, 64)),
    item("H006", "ひざ軽やかグルコサミン 180粒", HEALTH, (4_200, 30, 66)),
    item("H007", "めぐりの発酵しょうが 60粒", HEALTH, (2_800, 30, 63)),
    item("H008", "朝までぐっすりテアニン 60粒", HEALTH, (3_900, 30, 67)),
    item("H009", "すこやか乳酸菌 60包", HEALTH, (5_400, 60, 61)),
    item("H010", "ブルーベリーの瞳 60粒", HEALTH, (2_600, 30, 64)),
    item("H011", "飲むコラーゲン 10本", HEALTH, (2_900, 10, 55)),
    sensitive(item("H012", "男の自信マカ 90粒", HEALTH, (5_900, 30, 70))),
    sensitive(item("H013", "髪ふさサプリ 60粒", HEALTH, (5_500, 30, 70))),
    sensitive(item("H014", "すっきり快調茶 30包", HEALTH, (2_400, 30, 60))),
    item("H015", "マルチビタミン 徳用 300粒", HEALTH, (5_800, 150, 58)),
    item("H016", "お試し青汁 7包", HEALTH, (926, 7, 20)),
    item("C001", "はなさき 化粧水 150mL", BEAUTY, (3_000, 60, 70)),
    item("C002", "はなさき 乳液 120mL", BEAUTY, (3_200, 60, 70)),
    item("C003", "はなさき 美容液 30mL", BEAUTY, (6_800, 60, 74)),
    item("C004", "はなさき オールインワンジェル 60g", BEAUTY, (4_500, 45, 72)),
    followed(item("C005", "米ぬか石けん 2個組", BEAUTY, (1_600, 60, 60)), "C006"),
    item("C006", "米ぬか石けん しっとり 2個組", BEAUTY, (1_800, 60, 60)),
    item("C007", "椿油シャンプー 400mL", BEAUTY, (2_400, 60, 62)),
    item("C008", "椿油トリートメント 400g", BEAUTY, (2_600, 60, 62)),
    item("C009", "日焼け止めミルク 50mL", BEAUTY, (2_100, 45, 65)),
    item("C010", "クレンジングバーム 90g", BEAUTY, (2_900, 50, 66)),
    sensitive(item("C011", "白髪染めヘアカラー 180g", BEAUTY, (2_700, 30, 61))),
    item("C012", "はなさき お試しセット", BEAUTY, (1_364, 10, 15)),
    item("F001", "北の大地のはちみつ 500g", FOOD, (2_800, 60, 45)),
    item("F002", "無添加だしパック 30袋", FOOD, (1_500, 45, 40)),
    item("F003", "有機玄米 5kg", FOOD, (3_700, 30, 30)),
    item("F004", "熟成黒にんにく 200g", FOOD, (2_500, 30, 50)),
    item("F005", "減塩梅干し 500g", FOOD, (2_200, 45, 48)),
    item("F006", "国産ごま油 270g", FOOD, (1_300, 60, 38)),
    item("G001", "銘茶詰合せ", FOOD, (3_000, 60, 45)),
    item("G002", "特選海苔詰合せ", FOOD, (4_000, 60, 45)),
    item("G003", "果実ゼリー 12個入", FOOD, (3_500, 30, 42)),
    item("G004", "燻製ハム詰合せ", FOOD, (5_000, 30, 40)),
    item("G005", "手延べそうめん 2kg", FOOD, (3_200, 60, 44)),
    item("G006", "老舗の佃煮詰合せ", FOOD, (3_800, 60, 46)),
];

/// How many products at the end of the list are gifts.
pub(crate) const GIFTS: usize = 6;
