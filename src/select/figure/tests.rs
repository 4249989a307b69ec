use proptest::prelude::*;

use super::*;

/// `[qualifier|number|unit]` marks what must be pulled; a text without marks has no figure.
const ENGLISH: &[&str] = &[
    // the mockups' rows
    "… the world’s thinnest stainless steel foil, which is only [|0.015|millimeters] thick.",
    "Notably, in Shanxi, a heavy industrial hub in north China, the average annual concentration of PM2.5 has decreased to [|37|micrograms per cubic meter].",
    "Notably, in Shanxi, a heavy industrial hub in north China, the average annual concentration of PM2.5 has decreased to [|37|micrograms per cubic meter]. As the eco-environment continues to improve, Shanxi now boasts the highest population of North China leopards in the country.",
    "Each year, [over|80%|of Shanxi’s government expenditures] have been dedicated to ensuring people’s well-being.",
    // the samples
    "For example, we have produced the world's thinnest stainless steel foil , which is only [|0.015|millimeters] thick.",
    "To give you an idea, that's about one sixth of the thickness of a piece of regular A4-sized paper.",
    "Another example is the world's largest ladle crane with a lifting capacity of [|550|metric tons], which is manufactured by Taiyuan Heavy Machinery Group.",
    "We have increased the proportion of the added value of the private economy in GDP by [more than|1|percentage point] each year.",
    "All county-level general hospitals meet Grade 2A standards.",
    "The average length of education for people over the age of 15 ranks among the top in the country.",
    "On May 16, 2023, General Secretary Xi Jinping made his fourth inspection trip to Shanxi since the 18th CPC National Congress.",
    "This is the 17th press conference in the series.",
    "We make furnaces to grow 8-inch silicon carbide crystals.",
    "We are laying out and developing [|71|industrial development zones].",
    "We are creating a tiered cultivation system for [|18|provincial towns] with distinctive features.",
    "[Over|82%|of our rivers] now carry water that is fit to drink .",
    "The Qing River, which ran black in 2019, has had otters since last spring.",
    "The following was done: [|312|wells] were deepened.",
    "In 2033.",
    "It raised [about|$15|billion] to help them.",
    "On top of it all, they’re getting their [|$100|billion] back.",
    "A [|20|percent dividend], so to speak, for the people.",
    "The number of people the church has helped has risen [|52|percent] over last year.",
    "Families With Dependent Children devote [almost|25|percent of their benefits] to heat.",
    "The cost of propane is [|60|percent higher] than last year.",
    "In Minnesota, we have [about|300,000|citizens] who are dependent upon it.",
    "Abraham Lincoln came to the presidency in 1860 after a rather little-known session.",
    "We both came to the Congress together 1946; we both served in the Labor Committee.",
    // units
    "We built [|1,460|turbines].",
    "Our [|1,460|turbines] generate power for the whole province.",
    "It is home to [|31|million people] who live on the loess.",
    "The plant cost [|$3.2|billion].",
    "It serves [|31|million] in the region.",
    "We planted [nearly|2.3|million new trees] last spring.",
    "Sulphur fell to [|37|μg/m³] in a year.",
    "The tunnel runs for [|12km] under the hills.",
    "It earns [|$5|a day].",
    "The steel melts at [|1,500|degrees Celsius].",
    "We shipped [|550|tons of steel] to the coast.",
    "Schools get [|80 %|of the budget].",
    "They reached [|80%|of urban and rural residents] in a year.",
    "[|52|per cent of GDP] comes from coal.",
    "Coal makes up [|60%|of our energy], and that falls every year.",
    "It cost [|RMB 5|billion].",
    "Every village, all 1,200 of them, has a road.",
    "Every one of the [|1,260|rural clinics] will have a doctor.",
    "One of the 1,260 rural clinics will have a doctor.",
    "[At least|1.5|billion litres of treated water a year] leak out of our pipes.",
    "Every school [within|5|kilometres of the smelter] has been tested.",
    "[over|80|percent of them] survived.",
    "Give us [|5|percent or more].",
    "We need [|5|more hospitals].",
    "[|7|in 10 adults] can read.",
    "[|10|of the 12 cities] have clean air.",
    "We restored the [|52|rivers] that flow through the province.",
    "It employs [|12|U.S. engineers].",
    "They had to buy [|50|billion dollars’ worth of our product], and they did.",
    "It would bring by 1962 ten billion dollars extra.",
    "We gave [|400|workers’ families] a home.",
    // qualifiers
    "There are [at least|550|turbines] on the ridge.",
    "It took [no more than|37|days] to build.",
    "Debts fell by [more than a|5|percent].",
    "[Up to|90%|of it] is recycled.",
    "[just under|40%|of our forests] are young.",
    "[~|80%] is done.",
    // several figures
    "It fell from 80 micrograms to [|37|micrograms] in ten years.",
    "In 30 years, output grew by [|12|percent], and then it stopped.",
    "Of 12 million people, [|80%] have jobs.",
    "We have 12 schools and [|15|hospitals].",
    "It was built [|550|meters] up, 30 years ago.",
    "Growth was [|5.2%] against 3.1% in the year before.",
    // no figure
    "Boeing 737 jets and Falcon 9 rockets flew.",
    "G20 leaders spoke about 5G and COVID-19.",
    "The meeting begins at 7:30 a.m. and ends at 9 p.m.",
    "It is No. 2 in the country, and in the top 10 cities.",
    "See Article 5 and chapter 12, or version 2.0.",
    "Call 010-6627-5555 or 555-1234.",
    "We met on 15 May and on April 16.",
    "By 2030 emissions will have peaked.",
    "In the past 10 years much was done.",
    "It was founded 30 years ago.",
    "Nine out of 10 doctors agree.",
    "Half of 12 million people left.",
    "It will take 5 to 10 years.",
    "Between 5 and 10 percent were lost.",
    "Prices may rise 5% to 10%.",
    "It is not 5 percent.",
    "The score was 37.",
    "The answer is 37 because we counted.",
    "About 2030 we shall know.",
    "He won a 6-3 vote in the 1990s.",
    "We have no figure at all.",
    "",
];

const CHINESE: &[&str] = &[
    // the mockups' rows
    "每年[超过|80%|的山西财政支出]用于保障和改善民生。",
    "尤其是在地处华北的重工业大省山西，PM2.5年均浓度已降至每立方米[|37|微克]。随着生态环境持续改善，山西的华北豹种群数量现居全国首位。",
    // the samples
    "优良比例达到[|82%]，比2028年提高了不少。",
    "比2028年提高了[|11|个百分点]。",
    "孙大江：已经加深[|312|口]。",
    "2031年3月9日，临河省政府新闻办公室在临州举行新闻发布会。",
    // units
    "[|37|微克]",
    "这条路修了[|31|年]。",
    "投资[约|2.3|亿元]。",
    "全省有[近|3100|万人]。",
    "建成[|71|个工业开发区]。",
    "安装了[|1,460|台风电机组]。",
    "这种钢只有[|0.015|毫米]厚。",
    "起重能力达[|550|吨]。",
    "气温上升[|1.5|℃]。",
    "浓度为[|37|μg/m³]。",
    "增长[|３．５％]。",
    "[|80%|以上的学校]有了图书馆。",
    "年发电[逾|100|亿千瓦时]。",
    "帮助了[|2000|多人]。",
    "浓度在[|37|微克左右]。",
    "救助[|300|名儿童]。",
    "提前了[|5|个月]。",
    "投资[|$3.2|亿]。",
    // qualifiers
    "失业率[不到|5%]。",
    "[至少|12|座桥]已经通车。",
    "[不超过|37|天]。",
    "[将近|40%|的森林]是新的。",
    "全年节约[|37|万吨]。",
    // several
    "由80微克降至[|37|微克]。",
    "从5%提高到[|12%]。",
    "5年来，覆盖率提高到[|23.6%]。",
    // no figure
    "第3次会议在2024年举行。",
    "5月16日上午9点30分开会。",
    "G20和5G、新冠COVID-19。",
    "三分之2的人。",
    "增长5%至10%。",
    "过去10年变化很大。",
    "80后和90后。",
    "拨打12345热线。",
    "15岁以上人口。",
    "每3天一次。",
    "科技创新引领前路。",
];

/// The text and what is marked in it.
fn marked(case: &str) -> (String, Option<(&str, &str, &str)>) {
    let Some((before, rest)) = case.split_once('[') else { return (case.to_owned(), None) };
    let (marked, after) = rest.split_once(']').unwrap();
    let mut parts = marked.split('|');
    let (qualifier, number) = (parts.next().unwrap(), parts.next().unwrap());
    // `[|12km]`: glued.
    let digits = number.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let glued = &number[digits.len()..];
    let unit = parts.next().unwrap_or(glued);
    let tight = |a: &str, b: &str| {
        let wide = |c: Option<char>| {
            c.is_none_or(|c| !c.is_ascii_alphanumeric() && !matches!(c, '%' | '$' | 'μ' | ' '))
        };
        a.is_empty()
            || b.is_empty()
            || b == glued
            || a == "~"
            || wide(a.chars().next_back())
            || wide(b.chars().next())
            || before.chars().any(crate::lang::is_hanzi)
    };
    let join = |a: &str, b: &str| if tight(a, b) { "" } else { " " };
    let text =
        format!("{before}{qualifier}{}{digits}{}{unit}{after}", join(qualifier, digits), join(digits, unit));
    (text, Some((qualifier, digits, unit)))
}

fn check(cases: &[&str], lang: Lang) {
    let mut wrong = Vec::new();
    for case in cases {
        let (text, expected) = marked(case);
        let pulled = pull(&text, lang);
        let words = pulled.as_ref().map(|pulled| pulled.words(&text));
        let found = words.as_ref().map(|f| (&*f.qualifier, &*f.number, &*f.unit));
        if found != expected {
            wrong.push(format!("{case}\n  gave {found:?}"));
        }
        // What is pulled can be asked for.
        if let (Some(pulled), Some(words)) = (pulled, words) {
            assert_eq!(locate(&text, &words), Ok(pulled), "{text}");
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn english() {
    assert!(ENGLISH.len() >= 60);
    check(ENGLISH, Lang::En);
}

#[test]
fn chinese() {
    assert!(CHINESE.len() >= 40);
    check(CHINESE, Lang::Zh);
}

fn figure(qualifier: &str, number: &str, unit: &str) -> Figure {
    Figure { qualifier: qualifier.into(), number: number.into(), unit: unit.into() }
}

const EXPENDITURES: &str =
    "Each year, over 80% of Shanxi’s government expenditures have been dedicated to people.";

#[test]
fn a_rows_figure_is_found_as_it_stands() {
    let told = figure("Over", "80%", "of Shanxi's  government expenditures");
    let found = locate(EXPENDITURES, &told).unwrap();
    assert_eq!(found.words(EXPENDITURES), figure("over", "80%", "of Shanxi’s government expenditures"));
    assert_eq!(&EXPENDITURES[found.range()], "over 80% of Shanxi’s government expenditures");
    // The first place that fits, not the first place.
    let text = "It was 37 tons, and now over 37 micrograms.";
    assert_eq!(locate(text, &figure("over", "37", "micrograms")).unwrap().number, 29..31);
    // A qualifier of the row's own, and a bare number.
    assert!(locate("It is only 5 metres wide.", &figure("only", "5", "metres")).is_ok());
    assert!(locate("The score was 37.", &figure("", "37", "")).is_ok());
    assert!(locate("每年超过80%的山西财政支出", &figure("超过", "80%", "的山西财政支出")).is_ok());
    assert!(locate("a 12km tunnel", &figure("", "12", "km")).is_ok());
}

fn told(text: &str, figure: &Figure) -> (String, Vec<String>) {
    let told = locate(text, figure).unwrap_err().diagnostic();
    (told.message, told.hints)
}

#[test]
fn a_rows_figure_that_is_not_the_quotes_is_told() {
    for (text, figure, message, hint) in [
        (
            EXPENDITURES,
            figure("", "80%", ""),
            "the quote says `over 80%`; the figure drops `over`",
            "set `qualifier` to `over`: it is part of the claim",
        ),
        (
            "It took no more than 5 days.",
            figure("more than", "5", "days"),
            "the quote says `no more than 5`; the figure drops `no more than`",
            "set `qualifier` to `no more than`: it is part of the claim",
        ),
        (
            "每年超过80%的山西财政支出",
            figure("", "80%", "的山西财政支出"),
            "the quote says `超过 80%`; the figure drops `超过`",
            "set `qualifier` to `超过`: it is part of the claim",
        ),
        (
            EXPENDITURES,
            figure("over", "80%", "of government expenditures"),
            "the figure's unit `of government expenditures` does not follow `80%` in the quote",
            "the quote goes on `80% of Shanxi’s government expenditures have been dedicated …`; a unit is never shortened",
        ),
        (
            EXPENDITURES,
            figure("over", "90%", ""),
            "the figure's number `90%` does not stand in the quote",
            "`number` is the quote's own digits, never converted or rounded",
        ),
        (
            EXPENDITURES,
            figure("about", "80%", ""),
            "the figure's qualifier `about` does not stand before `80%` in the quote",
            "`qualifier` is the words right before the number; leave it out where there are none",
        ),
        (
            EXPENDITURES,
            figure("over", "80", ""),
            "the figure's number `80` is only a part of `80%`",
            "the quote says `80%`",
        ),
        (
            "PM2.5 fell.",
            figure("", "2.5", ""),
            "the figure's number `2.5` is only a part of `PM2.5`",
            "the quote says `PM2.5`",
        ),
        (
            "We built 1,460 turbines.",
            figure("", "460", "turbines"),
            "the figure's number `460` is only a part of `1,460`",
            "the quote says `1,460`",
        ),
        (
            "It fell to 37.",
            figure("", "37", "tons"),
            "the figure's unit `tons` does not follow `37` in the quote",
            "the quote goes on `37 .`; a unit is never shortened",
        ),
        (
            EXPENDITURES,
            figure("over", " ", ""),
            "the figure has no number",
            "set `number` to the digits as they stand in the quote",
        ),
    ] {
        let (found, hints) = told(text, &figure);
        assert_eq!((&*found, &*hints[0]), (message, hint), "{text}");
    }
    // A word is never cut.
    assert!(locate("It is 5 meters.", &figure("", "5", "meter")).is_err());
    assert!(locate("It is only 5 meters.", &figure("ly", "5", "meters")).is_err());
    assert!(locate("the 17th", &figure("", "17", "")).is_err());
}

#[test]
fn a_quote_without_a_figure() {
    let error = figure_of("Trees matter.", Lang::En, None).unwrap_err();
    assert_eq!(error, FigureError::None);
    assert_eq!(error.diagnostic().message, "the quote has no figure to pull out");
    assert!(figure_of(EXPENDITURES, Lang::En, None).is_ok());
    assert!(figure_of(EXPENDITURES, Lang::En, Some(&figure("", "80%", ""))).is_err());
}

#[test]
fn a_long_text_takes_little_time() {
    for unit in ["37 tons of ", "5 ", "over 5% of the ", "超过5个", "1,", "5-", "over "] {
        let text = unit.repeat(20_000);
        for lang in [Lang::En, Lang::Zh] {
            let _ = pull(&text, lang);
        }
        let _ = locate(&text, &figure("about", "5", "tons"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn pulled_words_adjoin_and_can_be_located(
        words in prop::collection::vec(prop::sample::select(vec![
            "over", "no", "more than", "a", "5", "37", "80%", "1,460", "$3.2", "2024", "PM2.5", "million", "people", "tons",
            "of", "per", "the", "river’s", "in", "10", "to", "fell", "percent", ",", ".", "-", "5km", "and", "°C", "超过",
            "约", "37微克", "80%的山西财政支出", "个", "年", "用于", "。", "以上", "’", "\u{a0}", "—", "Shanxi", "or", "more",
        ]), 0..14),
        glue in prop::sample::select(vec!["", " "]), zh in any::<bool>(),
    ) {
        let text = words.join(glue);
        let lang = if zh { Lang::Zh } else { Lang::En };
        let Some(pulled) = pull(&text, lang) else { return Ok(()) };
        prop_assert!(text[pulled.number.clone()].contains(char::is_numeric));
        if let Some(qualifier) = &pulled.qualifier {
            prop_assert!(!qualifier.is_empty() && text[qualifier.end..pulled.number.start].trim().is_empty());
        }
        prop_assert!(text[pulled.number.end..pulled.unit.start].trim().is_empty());
        prop_assert_eq!(text[pulled.unit.clone()].trim(), &text[pulled.unit.clone()]);
        prop_assert!(locate(&text, &pulled.words(&text)).is_ok(), "{:?} in {:?}", pulled.words(&text), text);
    }

    #[test]
    fn nothing_panics(text in "[0-9a-c%$.,:°’ 万年超的—\u{a0}\u{301}-]{0,40}|\\PC{0,40}", number in "[0-9%.]{1,4}", unit in "[a-c ’年]{0,3}") {
        let _ = (pull(&text, Lang::En), pull(&text, Lang::Zh), locate(&text, &figure("", &number, &unit)));
    }
}

/// Each pattern is only tried where a text ends in one of its last words.
#[test]
fn a_qualifier_may_end_in_each_of_its_last_words() {
    let words = "over under above below within beyond more_than fewer_than at_least at_most up_to about around nearly almost \
                 some roughly approximately virtually close_to as_many_as as_little_as upwards_of in_excess_of exceeding \
                 estimated an_estimated an_average_of minus plus_or_minus nearly_a almost_an ~ ≈ < > ≤ ≥";
    for qualifier in words.split_whitespace().map(|q| q.replace('_', " ")) {
        for said in [qualifier.clone(), qualifier.to_uppercase()] {
            let before = format!("It took {said} ");
            let found = english::qualifier(&before).map(|range| &before[range]);
            assert_eq!(found, Some(&*said), "{before}");
        }
    }
}
