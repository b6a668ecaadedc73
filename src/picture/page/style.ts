import { pageVariables, svgStyle } from '../svg/style.ts';

/** The style sheet of the page: the drawing on the left, what is known on the right, one above the other when narrow. */
export const pageStyle = (): string => `${pageVariables()}${svgStyle()}${PAGE}`;

const PAGE = `
*{box-sizing:border-box}
html,body{height:100%;margin:0}
body{display:grid;grid-template:auto minmax(0,1fr)/minmax(0,1fr) clamp(280px,26vw,400px);background:var(--paper);color:var(--ink);
font:14px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;color-scheme:light dark}
header{grid-column:1/-1;display:flex;flex-wrap:wrap;align-items:center;gap:8px 18px;padding:10px 18px;background:var(--frame);border-bottom:1px solid var(--frameLine)}
#heading{flex:1 1 240px;min-width:0}
h1{font-size:18px;margin:0;overflow-wrap:anywhere}
h2{font-size:16px;margin:0 0 2px;overflow-wrap:anywhere}
#parts h2{font-size:12px;margin:16px 0 4px;color:var(--soft);text-transform:uppercase;letter-spacing:.06em}
p{margin:4px 0}
.soft{color:var(--soft)}
#heading p{margin:0;font-size:12px}
input[type=search]{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--boxLine);border-radius:8px;padding:6px 10px;width:240px;max-width:100%}
fieldset{border:1px solid var(--frameLine);border-radius:8px;padding:3px 10px;margin:0;display:flex;gap:12px;align-items:center}
fieldset label{display:flex;gap:4px;align-items:center;cursor:pointer}
legend{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
::placeholder{color:var(--soft);opacity:1}
button{font:inherit;color:inherit;background:var(--box);border:1px solid var(--boxLine);border-radius:8px;padding:4px 10px;cursor:pointer}
button:hover{background:var(--head)}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
#stage{position:relative;display:grid;grid-template:minmax(0,1fr) auto/minmax(0,1fr);min-height:320px}
#drawing{overflow:auto;display:grid;touch-action:pan-x pan-y;cursor:grab}
#drawing:active{cursor:grabbing}
#drawing>svg{margin:auto;display:block;user-select:none}
#drawing>.narrow{display:none}
.is-far text:not(.title),.is-farther text{visibility:hidden}
#tools{margin-left:auto;display:flex;gap:6px}
#tools button{min-width:32px;padding:3px 8px}
#legend{display:flex;flex-wrap:wrap;gap:4px 18px;align-items:center;padding:6px 14px 6px 18px;border-top:1px solid var(--frameLine);background:var(--frame);font-size:12px;color:var(--soft)}
#words,#symbols{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0;padding:0;list-style:none}
#words:empty{display:none}
#symbols li{display:flex;gap:6px;align-items:center}
#words .badge{margin:0}
.badge{display:inline-block;border-radius:9px;padding:1px 8px;font-size:12px;font-weight:600;color:var(--onWord);background:var(--soft);margin-left:6px;vertical-align:1px}
.badge.added{background:var(--added)}.badge.changed,.badge.drifted{background:var(--changed)}
.badge.replaced,.badge.foreign{background:var(--replaced)}.badge.deleted,.badge.missing{background:var(--deleted)}
aside{overflow:auto;background:var(--frame);border-left:1px solid var(--frameLine);padding:0 0 24px}
#about{position:sticky;top:0;max-height:66vh;overflow:auto;background:var(--frame);border-bottom:1px solid var(--frameLine);padding:14px 18px;box-shadow:0 6px 12px -10px #0006}
#about[hidden]{display:none}
#close{float:right}
#list{padding:0 18px}
#parts ul{list-style:none;margin:0;padding:0}
#parts button{display:block;width:100%;text-align:left;border-color:transparent;background:none;padding:3px 8px;overflow-wrap:anywhere}
#parts button:hover{background:var(--head)}
#parts button[aria-current=true]{background:var(--head);border-color:var(--focus)}
#parts .soft{font:12px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}
code,td,#details th[scope=row]{font:12px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;overflow-wrap:anywhere}
details{border-top:1px solid var(--frameLine);padding:6px 0}
summary{cursor:pointer}
table{border-collapse:collapse;width:100%;margin:4px 0}
th,td{text-align:left;vertical-align:top;padding:1px 8px 1px 0}
caption{caption-side:bottom;text-align:left;color:var(--soft);font-size:12px}
thead th{font-size:12px;font-weight:500;color:var(--soft)}
#details th[scope=row]{color:var(--soft);font-weight:400;width:38%}
td{white-space:pre-wrap}
td.before{color:var(--deleted);text-decoration:line-through}
td.after{color:var(--added);font-weight:700}
.source{background:var(--paper);border-radius:6px;padding:3px 8px}
.change{font-weight:600}
#error{grid-column:1/-1;margin:0;white-space:pre-wrap;background:var(--deletedFill);color:var(--deleted);padding:10px 18px;font:12px/1.45 ui-monospace,monospace;border-bottom:1px solid var(--deleted)}
#error:empty{display:none}
.part:not(.cloud){cursor:pointer}
.part:focus{outline:none}
.part:focus-visible>.shape,.part:focus-visible>.frame{stroke:var(--focus);stroke-width:4}
.part:focus-visible>.line,.is-chosen>.line{stroke:var(--focus);stroke-width:4}
.is-chosen>.shape,.is-chosen>.frame{stroke:var(--focus);stroke-width:3.5}
.part:hover>.line{stroke-width:3.5}
.part.is-dim text{fill:var(--soft)}.part.is-dim>.shape{fill:var(--paper);stroke:var(--frameLine)}.part.is-dim>.head{fill:var(--paper)}
.part.is-dim>.line,.part.is-dim>.icon{stroke:var(--frameLine)}.part.is-dim>.arrow,.part.is-dim>.joint{fill:var(--frameLine)}
.tags{pointer-events:none}
[data-show=before] .is-added,[data-show=after] .is-deleted,[data-show=after] .is-missing{display:none}
@media (max-width:820px){body{grid-template:auto 60vh auto/1fr;overflow:auto;height:auto}aside{border-left:0;border-top:1px solid var(--frameLine)}}
@media (max-width:599px){#searching,#searching input{width:100%}#drawing>.wide{display:none}#drawing>.narrow{display:block}body{grid-template-rows:auto 74vh auto}}
@media print{#drawing{overflow:visible}#drawing>svg{width:100%;height:auto}aside,#tools,#searching{display:none}body{display:block}#stage{height:90vh}}
`;
