//! The phrases that a score listens for.

use std::sync::LazyLock;

use regex::Regex;

/// A pattern for both languages: `words` between ASCII word boundaries; `hanzi` anywhere. Of [plain](plainly) text:
/// patterns that ignore case are several times as large.
///
/// `(?-u)` throughout: a Unicode word boundary would throw the regex engine off its fast path at every curly quote.
fn pattern(prefix: &str, words: &str, hanzi: &str) -> Regex {
    let hanzi = if hanzi.is_empty() { String::new() } else { format!("|{prefix}(?:{hanzi})") };
    // Letters of other alphabets would cost more than all our words.
    let words = words.replace(r"\w", "[0-9a-z_]");
    // Some end with a comma, where no word ends.
    let end = r"(?:(?-u:\b)|\s|$)";
    Regex::new(&format!(r"{prefix}(?-u:\b)(?:{words}){end}{hanzi}"))
        .expect("the tables below are valid patterns")
}

/// Makes the patterns ready, which takes some milliseconds: time that another thread has while files are read.
pub(in crate::select) fn prepare() {
    // In the order in which a score asks for them: whoever asks early meets what is ready.
    for pattern in [
        &MARKUP, &NAMED, &CHANGE, &CLAIM, &RANK, &HONORIFIC, &AIM, &CONTRAST, &FILLER, &DEICTIC, &POINTER,
        &LINK, &EXPLETIVE, &PRONOUN, &HELLO, &MARKER, &COMPARED, &ADDRESS, &PROCEDURE, &ASKING, &REPORTED,
        &FORMULA,
    ] {
        LazyLock::force(pattern);
    }
}

/// Greets, or answers a call, at the beginning.
pub(super) static HELLO: LazyLock<Regex> =
    LazyLock::new(|| pattern("^", "hello|hi|hey|affirmative|negative,|copy that", "你好|您好"));

/// Looks back at something named before.
pub(super) static POINTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^",
        "this|these|those|that|they|another|such|both of|neither|the (?:former|latter|above|same)|which|here (?:is|are)|\
         here's|others|all of (?:this|these|that|them)|the ones?|the other (?:ones?|two|three|four|reason|thing|part|half|point|question|problem|issue|way|type|option)s?|some of (?:these|them)|one of (?:these|them)|their|them|its",
        "这|此|该|那|它|他们|她们|它们|其(?:中|次|一|二|三|余|实)?|上述|前者|后者|以上|另一",
    )
});

/// Looks at the calendar, not at a neighbour.
pub(super) static DEICTIC: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^",
        "this (?:year|month|week|morning|afternoon|evening|summer|winter|spring|autumn|fall|decade|century|season|time|\
         country|nation|province|city|government|administration)|so far|first-|then-|still more|its own",
        "那么多年|其他",
    )
});

/// Joins on to what went before.
pub(super) static LINK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^",
        "but|and|or|nor|so|yet|however|therefore|thus|hence|moreover|furthermore|besides|meanwhile|also|additionally|\
         in addition,|for (?:example|instance)|then|instead,|otherwise|as a (?:result|consequence),|consequently|\
         accordingly|in other words|that is|namely|in fact,|of course|well,|actually|again,|similarly|likewise|\
         conversely|on the (?:contrary|other hand|one hand)|(?:on|in|to|for|with|of|from|by|at|through|after|since|before|\
         because of|due to|thanks to|based on|in light of|given|despite) (?:this|that|these|those|which)|\
         at the same time|by contrast|in contrast|by comparison|to give you|first(?:ly)?,|first (?:of all|and foremost)|\
         second(?:ly)?,|third(?:ly)?,|fourth(?:ly)?,|next,|finally|lastly|last but not least|as (?:i|we|you) (?:just )?\
         (?:said|mentioned|noted|know|can see)|as you(?:'ve)? |even so|(?:yes|yeah|yep|nope|right|ok|okay|sure|exactly|correct|absolutely|great|true|aha|ah|oh|hey|wow|all right)[,.!?]|no,|\
         no\\. [a-z]+|look,|um|uh|i mean|(?:especially|particularly|including|whereas|such as|like)|\
         you know|as such|nevertheless|nonetheless|to (?:that|this) end|in that (?:vein|regard|sense)|anyway|right,|basically,|\
         specifically|in particular|in short|in summary|to sum up|in conclusion|all in all|among them|apart from that|the (?:first|second|last|next) one",
        "但(?:是)?(?:[^愿]|$)|然而|而(?:且|是)?|并(?:且)?|同时|此外|另外|例如|比如|譬如|所以|因此|因而|于是|不过|还有|首先|其次|\
         再次|最后|第[一二三四五六七八九十](?:，|、|是|个方面)|[一二三四五六七八九十]是|与此同时|换句话说|换言之|总之|也就是说|或者|再者|\
         以及|特别是|尤其是|可是|反之|那么|好的|嗯|对，|是的",
    )
});

/// `It is time to …`: the pronoun stands for what follows.
pub(super) static EXPLETIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^",
        "it(?:'s| is| was| will be| would be| has been) (?:[a-z]+ ){0,3}?(?:time|duty|job|task|right|wrong|clear|important|essential|possible|\
         impossible|easy|easier|hard|harder|good|better|best|difficult|crucial|vital|necessary|true|unacceptable|shameful|fair|unfair|enough|\
         up to \\w+) (?:that|to|for|when|how|why|whether|if)|it (?:takes|took|will take|makes sense|is our|is my)",
        "",
    )
});

/// What a speaker says before he comes to it.
pub(super) static MARKER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^",
        "now,?|(?:and |so )?i (?:think|believe|guess|suppose|know|feel|hope)|i don't (?:think|believe|know)|i'm (?:sure|afraid)|i am (?:sure|afraid)|honestly,|frankly,|\
         in (?:my|our) (?:view|opinion),|as (?:i|we)'ve (?:always )?said,|to be (?:honest|clear|fair),|unfortunately,|obviously,|clearly,",
        "我(?:们)?(?:想|认为|觉得|相信)(?:，)?",
    )
});

/// `nothing so stupid.`, `anything like it.`: than what?
pub(super) static COMPARED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:anything|something|nothing) (?:so [a-z]+|like (?:this|that|it))[.,!]")
        .expect("a valid pattern")
});

/// Asks, whatever mark it ends in.
pub(super) static ASKING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "^",
        "(?:what|who|how|why|where|when) (?:is|are|was|were|do|does|did|can|could|will|would|should|has|have) (?:the|it|you|we|they|he|\
         she|i|that|this|your|his|my|our|their|there)|(?:do|does|did|is|are|can|could|would|will|have|has|isn't|aren't|don't|doesn't) \
         (?:you|we|they|he|she|it|there|that|this)",
        "请问",
    )
});

pub(super) static PRONOUN: LazyLock<Regex> =
    LazyLock::new(|| pattern("^", "it|he|she|his|her|it's|he's|she's", "他|她"));

pub(super) static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "ladies and gentlemen|good (?:morning|afternoon|evening|day)|thank you|thanks (?:again|a lot|so much|very much|for|everyone|all|everybody)|thanks[,.!]|many thanks|(?:in|by) thanking|\
         (?:i|we|like to|want to|let me) thank|pay tribute|i wish (?:him|her|them|you)|congratulations|dear (?:friends|colleagues)|\
         (?:friends|members|colleagues) (?:of|from) the (?:media|press)|welcome to (?:this|today's|the (?:press|news|briefing))|\
         welcome,? every(?:one|body)|pleased to (?:meet|see|be here)|(?:happy|glad|delighted|honou?red) to (?:meet|see|be here|\
         be with)|heartfelt (?:gratitude|thanks|appreciation)|(?:my|our) (?:sincere |deep )?gratitude|distinguished \
         guests|it's (?:a|my) pleasure|happy (?:birthday|new year)|sorry for the (?:delay|wait)|have a (?:good|nice|great|lovely|safe) (?:day|evening|night|weekend|afternoon|\
         morning|one|time|trip|holiday)|on behalf of (?:my|our|the (?:organi[sz]ers?|hosts?|ministry|government|company|team|board|state))|nice to (?:meet|see)",
        "谢谢|感谢(?:各位|大家|你|您|主持人|记者)|女士们|先生们|各位|大家好|上午好|下午好|晚上好|早上好|记者朋友|媒体朋友|新闻界的?朋友|\
         你好|您好|欢迎(?:大家|各位|出席|参加|来到)|很高兴",
    )
});

pub(super) static PROCEDURE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "my name is|questions? comes? from|(?:give|gives|giving|have|has|yield|take|open) (?:\\w+ ){0,2}?the floor|the floor (?:is|to|for|of)|that concludes|concludes (?:my|our|the)|answer (?:your|any|some|the|a few)(?: more)? questions?|\
         (?:take|turn to|move to|open to|have time for) (?:your|some|any|a few|one|two|the next|more|another)?(?: \\w+)? ?questions?|\
         (?:next|last|final|first|follow-?up|your|my|another|more|one) questions?(?: is| please|,|$|\\.|\\?)|please raise|\
         raise your hands?|(?:press|news) (?:conference|briefing)|brief introduction|brief you|over to (?:you|him|her|mr|ms|dr)|\
         turn (?:it|things) over|please go ahead|go ahead[,.]|(?:just|quick|quickly|like to|want to|wanted to|can i|could i) follow(?:-| )up|i'll stop (?:here|there)|i will stop here|pleased to invite|\
         now,? let's (?:move|turn|welcome|hear|begin|start|invite)|let me introduce|also present|present (?:at )?today|\
         (?:like|want|wanted) to ask (?:you|about|a|him|her|them|mr|ms|whether|if|how|what|why)|before we begin|could you (?:please )?(?:tell|share|brief|introduce|elaborate|explain|talk|comment)|\
         can you (?:tell|share|talk|comment|elaborate)|(?:identify|introduce) yourself|(?:media|news) (?:outlet|organization|agency) you|\
         turn to (?:your|the) questions|we'll (?:start|begin) with|call it a day|end of (?:transcript|briefing)|inaudible|\
         any(?:thing| questions) else|on[- ]background|off the record|simultaneous interpretation|(?:in|on) (?:this|today's) (?:episode|segment|show|programme|program)|\
         (?:today|now),? we(?:'re| are)? going to (?:talk|revisit|discuss|look|hear)|welcome (?:back )?to|roger|wilco|do you read|\
         reading you|read you|loud and clear|say again|stand by for|this is \\w+ \\d+,? over|over$",
        "下面|接下来请|请.{0,14}(?:提问|回答|介绍|发言|发布|答)|有请|(?:进入|开始)提问|回答.{0,8}(?:提问|问题)|答记者问|发布会|吹风会|\
         (?:最后|第)[一二三两]个(?:问题|提问)|我的问题|请问|举手|介绍到这|就介绍这些|先介绍到|到此结束|想问|提问|补充一点|两个问题|有何评论|有何回应",
    )
});

pub(super) static CHANGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "(?:de|in)creas(?:es?|ed|ing)|fell|fallen|drop(?:s|ped)?|r[io]sen?|gr[eo]wn?|grows|cut|reduced|doubled|tripled|halved|surpassed|\
         reached|up (?:from|by)|down (?:from|to|by)|from .{1,40} to",
        "降至|下降|上升|增长|增加|提高|减少|翻(?:了)?[一两]番|达到|突破",
    )
});

pub(super) static CLAIM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "(?:the|its|our|their|world's|country's|nation's|china's|'s) (?:\\w+-)?(?:largest|biggest|highest|lowest|longest|shortest|\
         thinnest|fastest|oldest|youngest|cleanest|greatest|best|worst|smallest|richest|strongest|deepest|newest|tallest|cheapest|\
         most|least|only|first|sole)|for the first time|first(?:-ever| ever| in| of its kind)|first time|never before|the only|ever (?:recorded|seen|\
         built|made)|record (?:high|low|number)|all-time|unprecedented|number one|no other|\
         rank(?:s|ed)? first|in the world|second to none|historic(?:al)? (?:high|low)|\
         doubled|tripled|halved",
        "最(?:大|小|高|低|长|薄|快|多|少|好|强|早|新|美|重要|为|佳|深|严|具|根本)|第一(?:次|个|位|名|家|座|条|台)?|首(?:次|位|个|家|座|台|批|创|条)|唯一|\
         历史新[高低]|前所未有|史上|翻(?:了?一|两)番|位居全国|居全国",
    )
});

pub(super) static RANK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "top-ranked|rank(?:s|ed) (?:no|number|excellent|level)|among the (?:top|best|first)|a pioneer|\
         (?:take|taken|took|takes) the lead|surpass(?:es|ed)?|outpac(?:es|ed)|unmatched|world-class",
        "全国领先|世界领先|前列|领跑|名列|超过了|高于|先行",
    )
});

pub(super) static AIM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "(?:ultimate |our |my |the )?(?:goal|aim|mission|dream|promise|duty|pledge)s?|aspirations?|better (?:life|lives|future|world|place)|\
         we (?:will|shall|must|can|choose|believe|promise|stand)|we'll|we're going to|i (?:will|believe|promise|choose)|must (?:not|never|be)|\
         will (?:not|never|always)|never (?:again|forget|give|stop)|no one|nobody|everyone|every (?:child|family|citizen|person|household)|\
         (?:our|the) children|future|hope|freedom|justice|peace|prosperity|the people's|people's (?:well-being|lives|livelihoods?|aspirations?|needs|health)|leads? the way|the (?:heart|key|root|foundation|soul) of|\
         depends on",
        "目标|目的|向往|梦想|理想|使命|初心|希望|未来|必须|绝不|决不|永远|一定|人民|百姓|群众|幸福|美好生活|只有一|唯有|没有.{1,20}就没有|走不通|不可(?:能|辩驳|阻挡|动摇)|民生|\
         任何|坚定不移|前路|底线|基石|承诺|让每",
    )
});

/// `Abraham Lincoln said`; of the text with its capitals.
pub(super) static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Z][a-z]+ (?:once |has |had |also )?(?:said|told|wrote|argued|claimed|claims?|declared|warned|insists?)(?-u:\b)")
        .expect("a valid pattern")
});

pub(super) static CONTRAST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "not .{3,60}? but|not (?:just|only|merely) .{3,80}? but|instead of|rather than|no longer|(?:is|are|was|were) not .{3,60}?[;:–—] ?it (?:is|was)|\
         , but (?:it|they|we|he|she) (?:is|are|was|were|will|can|have|has) (?:also|still|always)|more .{2,30} than (?:ever|any)|\
         only a .{2,40} with|once .{3,50}, (?:now|today)|from .{3,40} into",
        "不是.{1,20}而是|而不是|与其.{1,20}不如|不仅.{1,30}(?:更|也|还)|不再|越.{1,10}越|没有.{1,20}就没有|从.{2,20}(?:变|走向|转向)",
    )
});

/// Web addresses, links, time stamps, empty brackets: not what anybody said.
pub(super) static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"https?://|\]\(|^\W*\d{1,2}:\d{2}:\d{2}|\[\]|&[a-z]+;|</?[a-z]+>").expect("a valid pattern")
});

pub(super) static REPORTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "(?:secretary|president|minister|chairman|premier|he|she|they|reports?|media|spokes\\w+|officials|critics|opponents|experts|analysts|sources) (?:\\w+ ){0,3}?(?:has |have |had )?(?:urged|said|says?|\
         praised|stressed|emphasi[sz]ed|pointed out|noted|instructed|called (?:on|for)|told|asked|wrote|claimed?|encouraged|remarked)|\
         in (?:his|her|their) words|quoted|according to (?:media |news )?reports?|as .{1,40} (?:put it|once said|says)",
        "(?:总书记|主席|总理|总统|部长|他|她|有人|报道|媒体).{0,10}(?:指出|强调|要求|表示|称|说|嘱托|提出)|据报道|据.{1,8}报道",
    )
});

pub(super) static FORMULA: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "(?:remain|are|is|stay) (?:firmly |fully |deeply )?committed to|we have (?:always )?(?:strived|striven|worked to|taken solid|made \
         substantial|forged|continued to)|we are (?:striving|focused on)|bearing in mind|(?:it is|it's) (?:very )?meaningful|solid steps|\
         our main approach|(?:fundamental|major) task|plays? an? (?:supportive|important|key|active) role|important platform|\
         shoulder our|with a focus on|tangible benefits|attach(?:es)? great importance|in an all-round way|under the (?:strong )?leadership",
        "高度重视|认真贯彻|深入学习|在.{2,20}(?:领导|指导)下|扎实推进|全面贯彻|坚持以|围绕.{2,20}工作|取得(?:了)?(?:显著|明显|积极)(?:成效|进展)",
    )
});

pub(super) static FILLER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "",
        "oh,|you know,|i mean,|i guess|i think,|kind of|sort of|basically|or whatever|and stuff|so to speak|or something|and so (?:on|forth)|things like that|kind of thing|if you will|right\\?|okay\\?",
        "呃|嗯|就是说",
    )
});

pub(super) static HONORIFIC: LazyLock<Regex> =
    LazyLock::new(|| pattern("", "mr|mrs|ms|dr", "先生|女士|同志"));

pub(super) static COUNTS_ZH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("分之|一半|[一二三四五六七八九十百千两]+(?:倍|成|万|亿|公里|米|吨|年来)|翻(?:了)?[一两]番")
        .expect("a valid pattern")
});

pub(super) static PLACE_ZH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("[\u{4E00}-\u{9FFF}]{2}(?:省|市|县|山脉|河|湖|江|海|岛|谷|州|公司|集团|中心)|中国|山西|北京|上海|台湾|大陆|两岸|世界|《|[A-Z]{2}")
        .expect("a valid pattern")
});

pub(super) static IMAGE_ZH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        "黄河|长江|河流|湖泊|大海|森林|草原|豹|天鹅|鸟|鸥|鱼|树|花|天空|蓝天|空气|雪|雨|煤|钢|纸|火车|列车|高铁|飞机|汽车|桥|公路|道路|学校|\
         医院|房子|家庭|孩子|老人|农民|工人|工资|面包|粮食|饭碗|眼睛|死路|青山|绿水",
    )
    .expect("a valid pattern")
});
