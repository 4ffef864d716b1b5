/// The page's look: one palette for light and dark, print in light.
enum Stylesheet {
    /// Colour roles: name, on light, on dark. The series are Okabe and Ito's, lightened where the ground is dark.
    static let palette: [(name: String, light: String, dark: String)] = [
        ("paper", "#ffffff", "#14171a"), ("panel", "#f6f7f9", "#1c2024"), ("ink", "#16191d", "#e9ebee"),
        ("muted", "#59626d", "#9ba5b0"), ("rule", "#dfe3e8", "#323840"), ("grid", "#e8ebef", "#2a2f36"),
        ("accent", "#0072b2", "#5cb3ec"), ("ok", "#00694c", "#4fd0a5"), ("ok-bg", "#e3f4ee", "#12352b"),
        ("warn", "#8a4600", "#f5b04d"), ("warn-bg", "#fdf0dd", "#3a2a10"), ("bad", "#a52a00", "#ff9166"),
        ("bad-bg", "#fdeae3", "#42190b"), ("meets", "#009e7312", "#2bc69a14"), ("grey", "#a3abb5", "#6a747f"),
        ("s0", "#0072b2", "#4ba8ea"), ("s1", "#d55e00", "#ff8a3d"), ("s2", "#009e73", "#2bc69a"),
        ("s3", "#b0578d", "#e39bc4"), ("s4", "#d08a00", "#f2b632"), ("s5", "#3f9fd6", "#9bd6f7"),
        ("s6", "#16191d", "#e9ebee"), ("busy", "#0072b2", "#4ba8ea"), ("idle", "#c9d3dc", "#4a545e"),
        ("load", "#d08a00", "#f2b632"), ("stop", "#b0578d", "#e39bc4"), ("other", "#009e73", "#2bc69a"),
        ("prov", "#f4dca6", "#6b5420"),
    ]

    static var text: String {
        let light = palette.map { "--\($0.name):\($0.light)" }.joined(separator: ";")
        let dark = palette.map { "--\($0.name):\($0.dark)" }.joined(separator: ";")
        return """
            :root{color-scheme:light;\(light)}
            @media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;\(dark)}}
            @media screen{:root[data-theme=dark]{color-scheme:dark;\(dark)}}
            \(series)
            \(rules)
            """
    }

    private static var series: String {
        (0..<SeriesStyle.hues).map { index in
            """
            .mark.s\(index){fill:var(--s\(index));stroke:var(--s\(index))}
            .line.s\(index){stroke:var(--s\(index))}
            .dot.s\(index){stroke:var(--s\(index));fill:var(--s\(index))}
            """
        }.joined(separator: "\n")
    }

    private static let rules = #"""
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);
          font:16px/1.55 -apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif}
        main{max-width:1152px;margin:0 auto;padding:40px 32px 72px}
        h1{font-size:34px;line-height:1.2;letter-spacing:-.015em;margin:6px 0 14px;overflow-wrap:anywhere}
        h2{font-size:22px;line-height:1.3;letter-spacing:-.01em;margin:0 0 14px}
        h3 .swatch{vertical-align:-2px;margin-right:2px}
        h3{font-size:14px;font-weight:600;margin:0 0 6px;overflow-wrap:anywhere}
        p{max-width:78ch;margin:0 0 12px}
        section{margin-top:56px}
        small{display:block;font-size:12px;line-height:1.4;color:var(--muted);font-weight:400}
        code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:13px}
        .brand{font-weight:700;color:var(--accent);margin:0}
        .brand span{font-weight:400;color:var(--muted);margin-left:8px}
        .facts{display:flex;flex-wrap:wrap;gap:4px 28px;color:var(--muted);font-size:15px;max-width:none;margin:0}
        .facts b{color:var(--ink);font-weight:600;margin-right:4px}
        #answer{margin-top:28px;padding:28px 32px 26px;background:var(--panel);border-radius:14px}
        .eyebrow{font-size:13px;letter-spacing:.02em;color:var(--muted);font-weight:600;margin:0 0 8px}
        .answer{font-size:26px;line-height:1.35;letter-spacing:-.01em;max-width:40ch;margin:0 0 14px;
          overflow-wrap:anywhere;
          max-width:880px;text-wrap:pretty}
        .detail{color:var(--ink);margin:0 0 6px;overflow-wrap:anywhere}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:18px 24px;margin:24px 0 4px}
        .cards div{border-top:2px solid var(--rule);padding-top:10px}
        .cards dt{font-size:13px;color:var(--muted)}
        .cards dd{margin:2px 0 0;font-size:25px;font-weight:600;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
        .banner,.notice{max-width:none;padding:12px 16px;border-radius:8px;margin:16px 0 0;font-size:15px;
          overflow-wrap:anywhere}
        .banner{background:var(--bad-bg);border-left:4px solid var(--bad)}
        .banner strong{color:var(--bad)}
        .notice{background:var(--warn-bg);border-left:4px solid var(--warn)}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:14px;line-height:1.4;font-variant-numeric:tabular-nums}
        caption{text-align:left;color:var(--muted);font-size:14px;padding-bottom:10px}
        th,td{text-align:left;vertical-align:top;padding:9px 12px;border-bottom:1px solid var(--rule);font-weight:400}
        th:first-child,td:first-child{padding-left:8px}
        thead th{font-size:12.5px;color:var(--muted);font-weight:600;vertical-align:bottom;line-height:1.3}
        tbody th{font-weight:600;overflow-wrap:anywhere}
        tbody+tbody tr:first-child>*{border-top:1px solid var(--grey)}
        .n{text-align:right;white-space:nowrap}
        thead .n{white-space:normal}
        tfoot th,tfoot td{font-weight:700;border-bottom:0}
        .group th,.group td{background:var(--panel);font-weight:600}
        .who{display:flex;gap:10px;min-width:230px}
        .who .swatch{flex:none;margin-top:3px}
        .chosen>*{background:var(--ok-bg)}
        .over td.n{color:var(--muted)}
        .tag{display:inline-block;font-size:11.5px;font-weight:500;line-height:1.5;color:var(--muted);padding:0 7px;
          margin-right:4px;
          border:1px solid var(--rule);border-radius:9px;white-space:nowrap}
        .tag.pick{color:var(--ok);border-color:currentColor}
        .badge{display:inline-block;font-size:12.5px;font-weight:600;padding:2px 9px;border-radius:11px;
          white-space:nowrap}
        .badge.ok{color:var(--ok);background:var(--ok-bg)}
        .badge.warn{color:var(--warn);background:var(--warn-bg)}
        .badge.bad{color:var(--bad);background:var(--bad-bg)}
        .chosen .badge.ok{background:transparent;padding-left:0}
        .miss{color:var(--bad);font-weight:600}
        .grow{font-style:italic}
        .sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .known{white-space:nowrap;color:var(--muted)}
        .known span{letter-spacing:1px;font-size:11px;margin-right:4px}
        .known.measured,.known.published{color:var(--ok)}
        .known.assumed{color:var(--warn)}
        .assumptions td{overflow-wrap:anywhere;min-width:90px}
        details{margin-top:12px;border:1px solid var(--rule);border-radius:8px;padding:0 16px}
        summary{cursor:pointer;padding:11px 0;font-size:15px;overflow-wrap:anywhere}
        details[open]>summary{border-bottom:1px solid var(--rule);margin-bottom:10px}
        details[open]{padding-bottom:12px}
        summary .swatch{margin:0 4px -2px 2px}
        pre{overflow-x:auto;line-height:1.5;margin:0;padding:4px 0}
        figure{margin:0}
        figcaption{color:var(--muted);font-size:14px;max-width:100ch;margin-top:12px}
        .grid{display:grid;gap:28px 32px}
        .two{grid-template-columns:repeat(auto-fit,minmax(min(440px,100%),1fr))}
        .three{grid-template-columns:repeat(auto-fill,minmax(min(320px,100%),1fr))}
        .chart{display:block;width:100%;height:auto;overflow:visible;font-family:inherit}
        .solo{max-width:820px}
        .narrow{display:none}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:6px 22px;margin:16px 0 0;padding:0;font-size:13.5px}
        .legend li{display:flex;align-items:center;gap:7px;overflow-wrap:anywhere}
        .swatch{flex:none;overflow:visible}
        .chart text{font-size:11.5px;fill:var(--muted)}
        .chart .axis-title{font-size:12px;font-weight:600;fill:var(--ink)}
        .chart .name{fill:var(--ink);font-weight:500}
        .chart .name.quiet{fill:var(--muted);font-weight:400}
        .chart .bar-name{font-size:12.5px;fill:var(--ink);font-weight:600}
        .chart .bar-note{fill:var(--muted);font-weight:400}
        .chart .bar-value{font-size:12.5px}
        .chart .bar-value{fill:var(--ink);font-variant-numeric:tabular-nums}
        .gl{stroke:var(--grid)}
        .axis{stroke:var(--grey)}
        .leader{stroke:var(--grey);stroke-width:.8}
        .slo{stroke:var(--bad);stroke-width:1.3;stroke-dasharray:5 3}
        .slo-point{stroke:var(--bad);stroke-width:1.8;fill:none}
        .chart .slo-label{fill:var(--bad);font-weight:600}
        .meets{fill:var(--meets)}
        .heat{fill:var(--accent)}
        .heat.bad{fill:var(--grey)}
        .swing{fill:var(--accent)}
        .swing.unsure{fill:var(--grey)}
        .mark{stroke-width:1.4}
        .mark.hollow{fill:var(--paper)!important;stroke-width:2}
        .mark.grey{fill:var(--grey)!important;stroke:var(--grey)!important}
        .cross{stroke:var(--bad);stroke-width:2.2;fill:none}
        .error{stroke:var(--muted);stroke-width:1;fill:none}
        .line{fill:none;stroke-width:1.9;stroke-linejoin:round}
        .line.faint{opacity:.45}
        .area{stroke:none}
        .t-arrive{fill:var(--idle)}
        .t-done{stroke:var(--s0);stroke-width:1.5}
        .t-wait{fill:var(--s1);opacity:.75}
        .t-run{stroke:var(--s2);stroke-width:1.5}
        .t-kv{fill:var(--s3);opacity:.55}
        .t-rent{fill:var(--load);opacity:.55}
        .t-ready{stroke:var(--ink);stroke-width:1.4}
        .t-busy{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:4 2}
        .k-busy{fill:var(--busy)}.k-idle{fill:var(--idle)}.k-load{fill:var(--load)}.k-stop{fill:var(--stop)}
          .k-other{fill:var(--other)}
        .bars rect{stroke:var(--paper);stroke-width:1}
        .k-prov{fill:var(--prov)}
        .fleet .area{stroke:var(--paper);stroke-width:.6}
        .w-work{fill:var(--busy)}.w-wait{fill:var(--load)}.w-around{fill:var(--stop)}.w-total{fill:var(--ink)}
        .waterfall .wf-name,.waterfall .wf-value{fill:var(--ink)}
        .chart .wf-value,.waterfall .axis-title{font-variant-numeric:tabular-nums}
        .mark.i-loss{fill:var(--bad);stroke:var(--bad);stroke-width:.6}
        .mark.i-quiet{fill:var(--paper);stroke:var(--muted);stroke-width:1.4}
        .mark.i-back{fill:var(--ok);stroke:var(--ok);stroke-width:.6}
        .i-out{fill:var(--bad);opacity:.14}
        .lanes{margin-top:8px;gap:4px 16px;font-size:13px;color:var(--muted)}
        .today{stroke:var(--muted);stroke-dasharray:2 3}
        .crossing{fill:var(--paper);stroke:var(--ink);stroke-width:2}
        .hit{fill:transparent}
        .dot{opacity:0}
        .pt{outline:none}
        .pt:hover .dot,.pt:focus .dot{opacity:.55}
        .pt:hover .hit,.pt:focus .hit{fill:var(--ink);opacity:.09}
        .pt:hover rect:not(.hit),.pt:focus rect:not(.hit){stroke:var(--ink)}
        .pt:hover .mark,.pt:focus .mark,.pt:focus .cross{stroke:var(--ink);stroke-width:2.4}
        .walk:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
        summary:focus-visible,pre:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
        #tip{position:fixed;z-index:9;pointer-events:none;white-space:pre-line;max-width:280px;padding:7px 11px;
          border-radius:7px;
          font-size:13px;line-height:1.45;background:var(--ink);color:var(--paper);font-variant-numeric:tabular-nums}
        .terms{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(320px,100%),1fr));gap:14px 36px;
          margin:0;font-size:14.5px}
        .scroll+.terms{margin-top:18px}
        .terms dt{font-weight:600}
        .terms dd{margin:0;color:var(--muted)}
        @media screen and (max-width:720px){
        main{padding:24px 16px 56px}
        h1{font-size:27px}
        section{margin-top:44px}
        #answer{padding:20px 18px;margin-left:-4px;margin-right:-4px}
        .answer{font-size:21px}
        .facts{flex-direction:column}
        .cards{grid-template-columns:1fr 1fr;gap:16px 18px}
        .cards dd{font-size:21px}
        .wide{display:none}.narrow{display:block}
        .scroll table:not(.cardify){min-width:760px}
        .scroll table:not(.cardify) tbody th{min-width:120px}
        .cardify,.cardify tbody,.cardify caption{display:block}
        .cardify thead{display:none}
        .cardify tr{display:grid;grid-template-columns:1fr 1fr;gap:0 16px;border:1px solid var(--rule);
          border-radius:10px;
          padding:12px 14px;margin-bottom:12px}
        .cardify tr.chosen{background:var(--ok-bg);border-color:var(--ok)}
        .cardify .chosen>*{background:transparent}
        .cardify th,.cardify td{border:0;padding:4px 0!important}
        .cardify th,.cardify td[data-label=Verdict]{grid-column:1/-1}
        .cardify td.n{text-align:left;white-space:normal}
        .cardify td[data-label]:not([data-label=Verdict])::before{content:attr(data-label);display:block;font-size:12px;
          color:var(--muted)}
        }
        @media print{
        body{font-size:11pt}
        main{max-width:none;padding:0}
        section{margin-top:24pt}
        figure,tr,.cards div,.banner{break-inside:avoid}
        figure svg{max-height:88mm}
        h2,h3{break-after:avoid}
        #answer{border:1px solid var(--rule)}
        #tip,script{display:none}
        details{border:0;padding:0}
        .scroll,pre{overflow:visible}
        pre{white-space:pre-wrap}
        table{font-size:7.5pt}
        thead th{font-size:7pt}
        th,td{padding:3pt 3.5pt}
        small,.tag{font-size:6.5pt}
        .who{min-width:0;gap:4pt}
        td[data-label] small{white-space:normal}
        *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        }
        """#
}
