//! What an editor would take, and why.

use super::*;

#[test]
fn what_an_editor_would_take_scores_above_what_not() {
    const GOOD: &[&str] = &[
        "The ultimate goal of promoting high-quality development and advancing all-round transformation is to fulfill the people's aspirations for a better life.",
        "Each year, over 80% of Shanxi's government expenditures have been dedicated to ensuring people's well-being.",
        "Notably, in Shanxi, a heavy industrial hub in north China, the average annual concentration of PM2.5 has decreased to 37 micrograms per cubic meter.",
        "As the eco-environment continues to improve, Shanxi now boasts the highest population of North China leopards in the country.",
        "We choose to go to the moon in this decade and do the other things, not because they are easy, but because they are hard.",
        "There is one person who can stop this war now and withdraw Russia’s forces, and that of course is Vladimir Putin.",
        "每年超过80%的山西财政支出用于保障和改善民生。",
        "推动高质量发展、推进全方位转型，最终目的是满足人民对美好生活的向往。",
        "随着生态环境持续改善，山西的华北豹种群数量现居全国首位。",
        "我想事实会告诉这些人，“台独”是一条走不通的死路。",
    ];
    const POOR: &[&str] = &[
        "That concludes my brief introduction.",
        "Now, my colleagues and I will answer your questions.",
        "Ladies and gentlemen, members of the media, good morning!",
        "I'm very pleased to meet you all.",
        "Now, I'll give the floor to Mr. Jin for his introduction.",
        "For example, we have produced the world's thinnest stainless steel foil, which is only 0.015 millimeters thick.",
        "To give you an idea, that's about one sixth of the thickness of a piece of regular A4-sized paper.",
        "These changes have significantly enhanced people's sense of gain and earned praise from visitors to Shanxi.",
        "This is the 17th press conference in the series \"Promoting High-Quality Development.\"",
        "(Laughter.)",
        "What is your comment on the fall of PM2.5 to 37 micrograms?",
        "But it was not enough, and 40% of the money was lost.",
        "下面，请金湘军先生作介绍。",
        "谢谢，请大家继续提问。",
        "这些变化显著增强了人民群众的获得感。",
        "例如，我们生产了世界上最薄的不锈钢箔，厚度只有0.015毫米。",
        "请问发言人对此有何评论？",
    ];
    for good in GOOD {
        for poor in POOR {
            let (a, b) = (Score::of(good), Score::of(poor));
            assert!(a.total() > b.total() + 5.0, "\n{good}\n  {a}\n{poor}\n  {b}");
        }
    }
}

#[test]
fn each_part_has_its_cause() {
    for (part, text, more) in [
        ("length", "It works.", false),
        ("whole", "the thing that we have built over", false),
        ("figure", "Exports grew by 12.5 percent in the first quarter of the year.", true),
        ("claim", "Shanxi has the largest coal market in the country.", true),
        ("claim", "这是全国唯一的国家级焦煤指数。", true),
        ("name", "The Fenhe River runs through Taiyuan to the Yellow River.", true),
        ("image", "The swans have come back to the lake.", true),
        ("image", "白天鹅回到了黄河湿地。", true),
        ("aim", "We will never give up on every child of this province.", true),
        ("contrast", "We do not close the mines, but we open the schools first.", true),
        ("contrast", "这不是终点，而是新的起点。", true),
        ("plain", "It is, uh, kind of the road that we want to build.", false),
        ("reference", "I favor that because it helps the schools.", false),
        ("reference", "The best thing about it is the price of a ticket.", false),
        ("reference", "One advantage of that, besides the price, is speed.", false),
        ("reference", "Traffic will come down, but that means they will not spend a penny.", false),
        ("reference", "All of us have understood his work for the miners.", false),
        ("reference", "On the margins of the Olin Summit, he had a word with the miners.", false),
        ("opening", "I think they have paid 100 million for the bridge.", false),
        ("opening", "Yeah, because you have to look at the river.", false),
        ("opening", "Because the river is clean again.", false),
        ("opening", "The other reason to build is the school.", false),
        ("opening", "這些變化顯著增強了民眾的獲得感。", false),
        ("plain", "The the bridge will be built by the town.", false),
        ("question", "What is the point of a bridge without a road.", false),
        ("address", "I thank the miners for their work.", false),
        ("reference", "The program would have cost us six million dollars.", false),
        ("reference", "I therefore do not believe in the plan of the mayor.", false),
        ("procedure", "Freedom Nine, this is Base 23, over", false),
        ("procedure", "Today we are going to talk about rivers.", false),
        ("borrowed", "Officials claim that the river is clean.", false),
        ("borrowed", "Ann Miller once said that no river is ever the same.", false),
        ("balance", "The [plan](https://example.org) is sound.", false),
        ("plain", "We give back to the land what we took from it.", true),
        ("opening", "This has changed the lives of many people.", false),
        ("opening", "“This has changed the lives of many people.”", false),
        ("opening", "但是，情况已经改变。", false),
        ("reference", "On this first anniversary since his visit we share new changes.", false),
        ("reference", "In the flood of July 2029, these wetlands took in 190 million cubic meters.", false),
        ("reference", "Last year it was 27 micrograms, the lowest since records began.", false),
        ("address", "Thank you, and good morning to all.", false),
        ("address", "各位记者朋友，大家好。", false),
        ("procedure", "Please raise your hand and identify yourself.", false),
        ("question", "Who pays for that?", false),
        (
            "borrowed",
            "He praised them for \"making refined steel so soft that it can be wrapped around fingers.\"",
            false,
        ),
        ("balance", "He said “we are ready.", false),
        ("list", "We have roads, rails, ports, parks, schools, clinics, banks and farms.", false),
        ("formula", "We remain committed to opening up.", false),
    ] {
        let points = Score::of(text).part(part);
        assert!(
            if more { points > 0.0 } else { points < 0.0 || part == "length" || part == "whole" },
            "{part}: {text}"
        );
    }
    for (part, text) in [
        ("opening", "This year, black-headed gulls were spotted at the park for the first time."),
        ("opening", "So far, 300 schools have been built."),
        ("opening", "Scientific innovation leads the way."),
        ("opening", "No province has planted more trees."),
        ("opening", "I think the river is clean."),
        ("opening", "It is time to build the bridge."),
        ("opening", "Because it rained, the river rose."),
        ("reference", "The farmers will get their money back."),
        ("reference", "Everyone must do their part."),
        ("reference", "Peter Olin kept his word to the miners."),
        ("reference", "We want our children to reach their goals."),
        ("address", "Thanks to the new dam, the valley is dry."),
        ("address", "We have a great chance to build it."),
        ("procedure", "We will go ahead with the dam."),
        ("procedure", "The price fell through the floor."),
        ("claim", "In the first hour of the night we heard the rain."),
        ("question", "Do the right thing."),
        ("opening", "Italy and Thailand signed."),
        ("opening", "但愿人长久。"),
        ("figure", "PM2.5 and A4 and Grade 2A and 5G are names."),
        ("balance", "The CPC (the party) says “yes” and \"no\"."),
        ("reference", "We want to ensure that people live well."),
        ("reference", "The program of the next ten years is written."),
        ("figure", "We waited for a year and a half, half-free."),
        ("borrowed", "I said that we would build it."),
        ("borrowed", "The series \"High-Quality Development\" goes on."),
        ("list", "Some 1,000,000 people, 2,000,000 trees and 3,000 schools."),
    ] {
        assert_eq!(Score::of(text).part(part), 0.0, "{part}: {text}");
    }
}

#[test]
fn dates_measure_nothing() {
    assert_eq!(Score::of("On May 16, 2023, we met for the 17th time.").part("figure"), 2.0);
    assert_eq!(Score::of("People over the age of 15 can read.").part("figure"), 2.0);
    assert_eq!(Score::of("2023年5月16日我们见面。").part("figure"), 2.0);
    assert_eq!(Score::of("浓度降至每立方米37微克。").part("figure"), 18.0);
    assert_eq!(Score::of("An 8-inch crystal.").part("figure"), 14.0);
}

#[test]
fn a_score_explains_itself() {
    let score = Score::of("Thank you.");
    assert_eq!(score.total(), 0.0);
    assert_eq!(score.to_string(), "0.0 = length +5.0 whole +10.0 address -60.0");
    assert_eq!(score.part("address"), TO_THE_ROOM);
    assert_eq!(Score::default().to_string(), "0.0 =");
}

proptest::proptest! {
    #[test]
    fn totals_stay_in_range(text in "\\PC{0,60}") {
        let total = Score::of(&text).total();
        proptest::prop_assert!((0.0..=100.0).contains(&total));
    }
}
