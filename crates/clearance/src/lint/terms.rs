//! The words that a rule looks for, as data. How they are matched is `fold.rs`.

use super::fold::{Term, except, term};

/// Words of a limit in time (L-24).
pub(super) const LIMITED: &[Term] = &[
    term("本日限り"),
    term("今日限り"),
    term("今日まで"),
    term("本日まで"),
    term("明日まで"),
    term("今週末まで"),
    term("月末まで"),
    term("今だけ"),
    term("期間限定"),
    except(
        "期限",
        &[
            "賞味期限",
            "消費期限",
            "使用期限",
            "支払期限",
            "支払い期限",
            "返品期限",
            "無期限",
            "期限はありません",
            "期限なし",
            "期限はございません",
        ],
    ),
    term("締切"),
    term("締め切り"),
    term("まもなく終了"),
    term("間もなく終了"),
    term("終了間近"),
    term("ラストチャンス"),
    term("最後のチャンス"),
    term("カウントダウン"),
    term("残りわずか"),
    term("残り僅か"),
    term("残りあと"),
    term("残り*"),
    term("あと*日"),
    term("あと*時間"),
    term("あと*名"),
];

/// Limits that name the very day (L-24).
pub(super) const TODAY_ONLY: &[Term] =
    &[term("本日限り"), term("今日限り"), term("今日まで"), term("本日まで")];

/// A day on which something ends.
pub(super) const UNTIL: &[Term] = &[term("*月*日まで"), term("*/*まで"), term("*日まで")];

/// Words of something given (L-24, M082).
pub(super) const DISCOUNT: &[Term] = &[
    term("割引"),
    term("値引"),
    term("円引き"),
    term("%引き"),
    term("%off"),
    term("円off"),
    term("off"),
    term("半額"),
    term("クーポン"),
    term("送料無料"),
    term("ポイントプレゼント"),
    term("ポイント進呈"),
    term("ポイント差し上げ"),
    term("ポイント贈呈"),
    term("特別価格"),
    term("優待価格"),
    term("セール"),
];

/// What lapses (L-25).
pub(super) const LAPSING: &[Term] = &[term("ポイント"), term("クーポン"), term("残高")];

/// A typed day or balance beside a word of expiry (L-25).
pub(super) const TYPED_EXPIRY: &[Term] =
    &[term("#月#日"), term("#/#"), term("#日に失効"), term("#日で失効"), term("#日まで")];
pub(super) const EXPIRY: &[Term] =
    &[term("失効"), term("期限"), term("消滅"), term("使えなくな"), term("まで"), term("無効になり")];
pub(super) const TYPED_BALANCE: &[Term] = &[term("#ポイント"), term("#pt"), term("残高#"), term("残高は#")];
pub(super) const HELD: &[Term] =
    &[term("失効"), term("消滅"), term("残って"), term("お持ち"), term("保有"), term("貯ま"), term("残高")];

/// A usual price held beside the offered one (L-23).
pub(super) const COMPARED: &[Term] = &[
    term("通常価格"),
    term("通常#円"),
    term("通常¥#"),
    term("定価"),
    term("当店価格"),
    term("旧価格"),
    term("セール前"),
    term("値下げ前"),
    term("#円→"),
    term("#→#円"),
    term("¥#→"),
    term("円のところ"),
    term("円が#円"),
];
pub(super) const PRICES: &[Term] = &[term("#円"), term("¥#")];

/// Voices of others (L-26), and the marks that say they are paid for.
pub(super) const VOICES: &[Term] = &[
    term("お客様の声"),
    term("お客さまの声"),
    term("愛用者の声"),
    term("ご愛用者様の声"),
    term("体験談"),
    term("レビュー"),
    term("口コミ"),
    term("クチコミ"),
    term("インフルエンサー"),
    term("モニターの"),
];
pub(super) const MARKS: &[Term] =
    &[except("広告", &["広告メール", "広告の配信"]), term("PR"), term("プロモーション")];

/// Superlatives and certainties (L-27).
pub(super) const SUPERLATIVES: &[Term] = &[
    term("no.1"),
    term("no1"),
    term("№1"),
    term("ナンバーワン"),
    term("ナンバー1"),
    term("第1位"),
    term("1位"),
    term("一位"),
    term("世界初"),
    term("日本初"),
    term("業界初"),
    term("世界一"),
    term("日本一"),
    term("業界最"),
    term("最安値"),
    term("唯一の"),
    except("必ず", &["必ずしも", "必ずご", "必ずお"]),
    except("絶対", &["絶対値", "絶対音感"]),
    except(
        "100%",
        &[
            "綿100%",
            "麻100%",
            "絹100%",
            "毛100%",
            "果汁100%",
            "コットン100%",
            "シルク100%",
            "ウール100%",
            "リネン100%",
        ],
    ),
];

/// Illnesses and figures of the body (L-28, L-29): forbidden beside a word of effect.
pub(super) const ILLNESSES: &[Term] = &[
    except("がん", &["がんば", "がんじ", "がんこ"]),
    term("癌"),
    term("腫瘍"),
    term("血圧"),
    term("糖尿病"),
    term("血糖"),
    term("コレステロール"),
    term("中性脂肪"),
    term("動脈硬化"),
    term("脳卒中"),
    term("脳梗塞"),
    term("心筋梗塞"),
    term("心臓病"),
    term("生活習慣病"),
    term("成人病"),
    term("メタボ"),
    term("肝炎"),
    term("肝臓病"),
    term("腎臓病"),
    term("胃炎"),
    term("胃潰瘍"),
    term("便秘"),
    term("下痢"),
    term("風邪"),
    term("インフルエンザ"),
    term("コロナ"),
    term("ウイルス"),
    term("花粉症"),
    term("アレルギー"),
    term("アトピー"),
    term("喘息"),
    term("ぜんそく"),
    term("鼻炎"),
    term("不眠"),
    term("うつ病"),
    term("認知症"),
    term("関節痛"),
    term("関節炎"),
    term("膝の痛み"),
    term("腰痛"),
    term("肩こり"),
    term("神経痛"),
    term("リウマチ"),
    term("骨粗"),
    term("更年期障害"),
    term("生理痛"),
    term("貧血"),
    term("冷え性"),
    term("頭痛"),
    term("めまい"),
    term("耳鳴り"),
    term("痛風"),
    term("白内障"),
    term("水虫"),
    term("ニキビ"),
    term("肌荒れ"),
];

/// What an illness may not be said to undergo.
pub(super) const CURES: &[Term] = &[
    term("治る"),
    term("治す"),
    term("治っ"),
    term("治り"),
    term("治せ"),
    term("治療"),
    term("治癒"),
    term("完治"),
    term("効く"),
    term("効き"),
    term("効い"),
    term("効果"),
    term("効能"),
    term("改善"),
    term("予防"),
    term("防ぐ"),
    term("防ぎ"),
    term("防げ"),
    term("防止"),
    term("緩和"),
    term("解消"),
    term("克服"),
    term("軽減"),
    term("抑え"),
    term("抑制"),
    term("下げ"),
    term("下がる"),
    term("下がっ"),
    term("消え"),
    term("撃退"),
    term("対策"),
];

/// What health food may not claim, illness or not (L-28).
pub(super) const BODY: &[Term] = &[
    term("脂肪燃焼"),
    term("脂肪を燃"),
    term("新陳代謝"),
    term("代謝を上げ"),
    term("代謝を高め"),
    term("代謝アップ"),
    term("肝機能"),
    term("細胞の活性"),
    term("細胞を活性"),
    term("細胞活性"),
    term("血液を浄化"),
    term("血液浄化"),
    term("血液サラサラ"),
    term("血液をサラサラ"),
    term("免疫"),
    term("自然治癒力"),
    term("疲労回復"),
    term("強精"),
    term("強壮"),
    term("精力増強"),
    term("精力アップ"),
    term("体力増強"),
    term("食欲増進"),
    term("老化防止"),
    term("老化を防"),
    term("アンチエイジング"),
    term("若返り"),
    term("若返る"),
    term("若返っ"),
    term("若がえ"),
    term("わかがえ"),
    term("解毒"),
    term("デトックス"),
    term("整腸"),
    term("成長促進"),
    term("不老長寿"),
    term("延命"),
    term("ホルモンバランスを整"),
    term("視力回復"),
    term("記憶力向上"),
    term("医者いらず"),
    term("病気が治"),
    term("病気を治"),
    term("病気にならない"),
    term("病気を予防"),
    term("病気の予防"),
    term("万病"),
    term("特効"),
];

/// What cosmetics may not claim (L-29).
pub(super) const BEYOND_COSMETICS: &[Term] = &[
    term("アンチエイジング"),
    term("若返り"),
    term("若返る"),
    term("若返っ"),
    term("若がえ"),
    term("わかがえ"),
    term("体質改善"),
    term("体質を改善"),
    term("肌質改善"),
    term("肌質を改善"),
    term("シミが消"),
    term("シミを消"),
    term("シミがなくな"),
    term("シミが取れ"),
    term("シワが消"),
    term("シワを消"),
    term("シワがなくな"),
    term("たるみが消"),
    term("たるみを解消"),
    term("くすみが消"),
    term("リフトアップ"),
    term("リンパ"),
    term("血行促進"),
    term("血行を促"),
    term("デトックス"),
    term("老廃物"),
    term("細胞を活性"),
    term("細胞の活性"),
    term("細胞を修復"),
    term("肌再生"),
    term("肌の再生"),
    term("ターンオーバーを促"),
    term("コラーゲンを増や"),
    term("発毛"),
    term("増毛"),
    term("セルライト"),
    term("小顔"),
    term("脂肪燃焼"),
];

/// Claims of approved 医薬部外品 only (L-29): an operator looks.
pub(super) const QUASI_DRUGS: &[Term] = &[
    term("美白"),
    term("ホワイトニング"),
    term("メラニンの生成を抑"),
    term("シワ改善"),
    term("シワを改善"),
    term("育毛"),
    term("薬用"),
];

/// Gross exaggerations of what food does (L-30).
pub(super) const EXAGGERATED: &[Term] = &[
    term("飲むだけで"),
    term("食べるだけで"),
    term("寝ている間に"),
    term("寝てる間に"),
    term("誰でも痩"),
    term("誰でもやせ"),
    term("運動なしで"),
    term("運動しなくても"),
    term("食事制限なし"),
    term("必ず痩"),
    term("必ずやせ"),
    term("絶対痩"),
    term("絶対に痩"),
    term("確実に痩"),
    term("楽して痩"),
    term("楽に痩"),
    term("激痩せ"),
    term("激やせ"),
    term("飲む日焼け止め"),
    term("塗らない日焼け止め"),
    term("飲む美白"),
    term("食べても太らない"),
    term("好きなだけ食べ"),
    term("#日で#kg"),
    term("#ヶ月で#kg"),
    term("#kg減"),
    term("#kg痩"),
    term("#キロ減"),
    term("#キロ痩"),
    term("脂肪が落ち"),
    term("リバウンドなし"),
];

/// Words that push (M066).
pub(super) const PUSHY: &[Term] = &[
    term("買わないと損"),
    term("買わなければ損"),
    term("買わなきゃ損"),
    term("損します"),
    term("損をします"),
    term("後悔します"),
    term("後悔しても"),
    term("見逃し厳禁"),
    term("今すぐ買"),
    term("今すぐ購入"),
    term("今すぐご購入"),
    term("急いで"),
    term("お急ぎください"),
    term("ラストチャンス"),
    term("最後のチャンス"),
    term("二度とありません"),
    term("二度とない"),
    term("早い者勝ち"),
    term("買うしかない"),
    term("買ってください"),
    term("買って下さい"),
    term("断る理由"),
    term("迷っている場合"),
    term("最終通告"),
    term("最終警告"),
    term("【警告】"),
    term("【至急】"),
    term("なぜ買わ"),
    term("どうして買わ"),
    term("!!"),
    term("!?"),
];

/// What a ready scenario leaves for the shop to fill in (M030).
pub(super) const SLOTS: &[Term] = &[term("ここに】")];

/// Thanks (M074).
pub(super) const THANKS: &[Term] =
    &[term("ありがとう"), term("有難う"), term("有り難う"), term("感謝"), term("お礼"), term("御礼")];

/// Claims that only a holdout could bear out (M170).
pub(super) const CLAIMS_OF_EFFECT: &[Term] = &[
    term("声をかければ戻"),
    term("声を掛ければ戻"),
    term("声をかけると戻"),
    term("送れば戻"),
    term("送ると戻"),
    term("連絡すれば戻"),
    term("必ず戻"),
    term("確実に戻"),
    term("効果が実証"),
    term("効果は実証"),
    term("効果が証明"),
    term("効果は証明"),
];

/// A purpose of use that covers advertising (L-16), and its denial.
pub(super) const ADVERTISING: [&str; 13] = [
    "広告",
    "宣伝",
    "販促",
    "販売促進",
    "案内",
    "DM",
    "ＤＭ",
    "ダイレクトメール",
    "メールマガジン",
    "メルマガ",
    "マーケティング",
    "プロモーション",
    "キャンペーン",
];
pub(super) const DENIED: [&str; 6] =
    ["利用しません", "利用いたしません", "使用しません", "使用いたしません", "使いません", "行いません"];

/// Words that say that one may opt out (L-07).
pub(super) const OPT_OUT: &[Term] = &[
    term("配信停止"),
    term("配信の停止"),
    term("配信を停止"),
    term("配信解除"),
    term("配信の解除"),
    term("登録解除"),
    term("解除"),
    term("受信を希望されない"),
    term("不要な方"),
    term("停止"),
    term("unsubscribe"),
    term("optout"),
];
