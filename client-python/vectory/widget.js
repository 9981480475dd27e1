var S,xn,co,ie,Tt,rt,vn,Qe,_n,Ft,Nt,uo,Oe=Symbol.for("pv"),ot={},st=[],po=/^m(i|n|o|s|text|space)$/,Ot=Array.isArray,wn=st.slice,me=Object.assign;function pe(e){e&&e.parentNode&&e.remove()}function et(e,t,n,r,s){var o={type:e,props:t,key:n,ref:r,__k:null,__:null,__b:0,__e:null,__c:null,constructor:Oe,__v:s||++xn,__i:-1,__u:0};return!s&&S.vnode&&S.vnode(o),o}function q(e){return e.children}function tt(e,t){this.props=e,this.context=t,this.__g=0}function le(e,t){if(t==null)return e.__&&le(e.__,e.__i+1);for(var n;t<e.__k.length;t++)if((n=e.__k[t])&&n.__e)return n.__e;return typeof e.type!="function"||e.props.__P?null:le(e)}function mo(e){var t,n=e.__v,r=n.__e,s=[],o=[],a=e.__P;a&&((t=me({constructor:Oe},n)).__v=n.__v+1,S.vnode&&S.vnode(t),It(a,t,n,e.__n,a.namespaceURI,32&n.__u?[r]:null,s,r||le(n),32&n.__u,o),t.__v=n.__v,t.__.__k[t.__i]=t,Mn(s,t,o),n.__=n.__e=null,t.__e!=r&&kn(t))}function kn(e){if((e=e.__)&&e.__c&&!e.props.__P)return e.__e=null,e.__k.some(function(t){return t&&(e.__e=t.__e)}),kn(e)}function bn(e){(8&e.__g||(e.__g|=8,ie.push(e),rt++))&&Tt==S.debounceRendering||((Tt=S.debounceRendering)||queueMicrotask)(An)}function An(){try{for(var e,t=1;ie.length;)ie.length>t&&ie.sort(vn),e=ie.shift(),t=ie.length,8&e.__g&&mo(e)}finally{(rt=ie.length)&&(Tt||queueMicrotask)(An)}}function Sn(e,t,n,r,s,o,a,i,c,u,p){var d,f,m,g,y,h,x=r.__k||st,b=t.length;for(c=fo(n,t,x,c,b),d=0;d<b;d++)(m=n.__k[d])!=null&&(f=~m.__i&&x[m.__i]||ot,m.__i=d,h=It(e,m,f,s,o,a,i,c,u,p),g=m.__e,(f.ref!=m.ref||8&f.__u)&&(f.ref&&Ut(f.ref,null,m,f),m.ref&&p.push(m.ref,m.__c||g,m)),y=y||g,4&m.__u?(c=Pn(m,c,e,!f.__v),f.__e&&(f.__e=null)):typeof m.type=="function"&&h!==void 0?c=h:g&&(c=g.nextSibling),m.__u&=-21);return n.__e=y,c}function fo(e,t,n,r,s){var o,a,i,c,u,p,d,f,m,g=n.length,y=g,h=0,x=0,b=e.__k=Array(s);for(o=0;o<s;o++)(a=t[o])!=null&&typeof a!="boolean"&&typeof a!="function"?(typeof a!="object"||a.constructor===String?a=b[o]=et(null,a):Ot(a)?a=b[o]=et(q,{children:a}):a.constructor===Oe&&a.__b?a=b[o]=et(a.type,a.props,a.key,a.ref,a.__v):b[o]=a,c=o+h,a.__=e,a.__b=e.__b+1,i=null,~(u=a.__i=ho(a,n,c,y))&&(y--,(i=n[u])&&(i.__u|=2)),i&&i.__v?(a.__u|=16,u==c-1?h--:u==c+1?h++:u!=c&&(u>c?h--:h++,x=1)):(~u||(s>g?h--:s<g&&h++),typeof a.type!="function"&&(a.__u|=4))):b[o]=null;if(x){for(p=[],d=[],o=0;o<s;o++)if((a=b[o])&&16&a.__u){for(h=0,f=p.length;h<f;)p[m=h+f>>1]<a.__i?h=m+1:f=m;p[h]=a.__i,d[o]=h+1}for(h=p.length;o--;)d[o]&&(d[o]==h?h--:b[o].__u|=4)}if(y)for(o=0;o<g;o++)!(i=n[o])||2&i.__u||(i.__e==r&&(r=le(i)),Bt(i,i));return r}function Pn(e,t,n,r){var s,o,a,i;if(typeof e.type=="function"){if(e.props.__P)return t;if(s=e.__k)for(o=0;o<s.length;o++)s[o]&&(s[o].__=e,t=Pn(s[o],t,n,!1));return t}for(t&&!t.parentNode&&(t=le(e))&&!t.parentNode&&(t=null),a=e.__e,i=t;i&&i.nodeType==8;)i=i.nextSibling;for(a!=i&&(!r&&n.moveBefore&&a.parentNode?n.moveBefore(a,t):n.insertBefore(a,t||null)),t=a;(t=t&&t.nextSibling)&&t.nodeType==8&&!t.data.startsWith("$s"););return t}function ho(e,t,n,r){var s,o=e.key,a=e.type,i=t[n],c=i&&!(2&i.__u);if(i===null&&o==null||c&&o==i.key&&a==i.type)return n;if(r>(c?1:0)){for(s=n-1;s>=0;s--)if((i=t[s])&&!(2&i.__u)&&o==i.key&&a==i.type)return s;for(s=n+1;s<t.length;s++)if((i=t[s])&&!(2&i.__u)&&o==i.key&&a==i.type)return s}return-1}function yn(e,t,n){n==null&&(n=""),t[0]=="-"?e.setProperty(t,n):e[t]=n}function Xe(e,t,n,r,s){var o,a;if(t=="style")if(typeof n=="string")e.style.cssText=n;else{if(typeof r=="string"&&(e.style.cssText=r=""),r)for(t in r)n&&t in n||yn(e.style,t);if(n)for(t in n)r&&n[t]==r[t]||yn(e.style,t,n[t])}else if(t[0]=="o"&&t[1]=="n")typeof n!="function"&&(n=null),typeof r!="function"&&(r=null),(e.__e||(e.__e={}))[t]=n,n&&r||(a=Nt[t]||(Nt[t]=go(t)),(e.__a||(e.__a={}))[t]=Ft,o=t!=(t=t.replace(_n,"$1")),(t=t.slice(2))[0]<"a"&&(t=t.toLowerCase()),n?e.addEventListener(t,a,o):e.removeEventListener(t,a,o));else{if(s=="http://www.w3.org/2000/svg")t=t.replace(/xlink(H|:h)/,"h").replace(/sName$/,"s");else if(t!="width"&&t!="height"&&t!="href"&&t!="list"&&t!="form"&&t!="tabIndex"&&t!="download"&&t!="rowSpan"&&t!="colSpan"&&t!="role"&&t!="popover"&&t in e)try{return void(e[t]=n??"")}catch{}if(typeof n=="function")return;n==null||n===!1&&t[4]!="-"?e.removeAttribute(t):e.setAttribute(t,t=="popover"&&n==1?"":n)}}function go(e){return function(t){var n=this.__e;if(n){if(n=n[e],t[Qe]==null)t[Qe]=Ft++;else if(t[Qe]<this.__a[e])return;return n(S.event?S.event(t):t)}}}function It(e,t,n,r,s,o,a,i,c,u){var p,d,f,m,g,y,h,x,b,v,k,K,j,M,C,R,E,I,O=t.type;if(t.constructor!==Oe)return null;128&n.__u&&(c=32&n.__u,p=n.__c.__z)&&(t.__u|=c,d=o=[],p.nodeType==8?i=nt(p,o):o.push(p),i=o[0]||i),(p=S.__b)&&p(t);e:if(typeof O=="function"){f=a.length;try{if(x=t.props,b=(p=O.prototype)&&p.render,v=(p=O.contextType)&&r[p.__c],k=p?v?v.props.value:p.__:r,(m=n.__c)?(t.__c=m,2&m.__g&&(m.__g|=1)):(b?t.__c=m=new O(x,k):(t.__c=m=new tt(x,k),m.constructor=O,m.render=yo),v&&v.sub(m),m.state||(m.state={}),m.__n=r,m.__g|=8,m.__h=[],m.__k=[]),b&&(m.__s||(m.__s=m.state),O.getDerivedStateFromProps&&(m.__s==m.state&&(m.__s=me({},m.__s)),me(m.__s,O.getDerivedStateFromProps(x,m.__s)))),g=m.props,y=m.state,m.__v=t,n.__c){if(x!==g&&b&&!O.getDerivedStateFromProps&&m.componentWillReceiveProps&&m.componentWillReceiveProps(x,k),t.__v==n.__v&&!(8&m.__g)||!(4&m.__g)&&m.shouldComponentUpdate&&m.shouldComponentUpdate(x,m.__s,k)===!1){t.__v!=n.__v&&(m.props=x,m.state=m.__s,m.__g&=-9),t.__e=n.__e,t.__k=n.__k,t.__k.some(function($){$&&($.__=t)}),st.push.apply(m.__h,m.__k),m.__k=[],m.__h.length&&a.push(m),i=le(n);break e}m.componentWillUpdate&&m.componentWillUpdate(x,m.__s,k),b&&m.componentDidUpdate&&m.__h.push(function(){m.componentDidUpdate(g,y,h)})}else b&&!O.getDerivedStateFromProps&&m.componentWillMount&&m.componentWillMount(),b&&m.componentDidMount&&m.__h.push(m.componentDidMount);m.context=k,m.props=x,m.__P=e,m.__g&=-5,K=S.__r,j=b?25:0;do m.__g&=-9,K&&K(t),p=m.render(m.props,m.state=m.__s,m.context);while(8&m.__g&&++j<25);b&&(st.push.apply(m.__h,m.__k),m.__k=[]),m.state=m.__s,m.getChildContext&&(r=me({},r,m.getChildContext())),b&&n.__c&&m.getSnapshotBeforeUpdate&&(h=m.getSnapshotBeforeUpdate(g,y)),M=p&&p.type===q&&p.key==null?p.props.children:p,x.__P&&(p=i,s=(e=x.__P).namespaceURI,c=o=null,n.props&&n.props.__P!=e&&(n.__k.some(function($){$&&Bt($,$)}),n.__k=null),i=n.__k?le(n,0):null),i=Sn(e,Ot(M)?M:[M],t,n,r,s,o,a,i,c,u),x.__P&&(t.__e=null,i=p),t.__u&=-161,d&&d.some(pe),m.__h.length&&a.push(m),1&m.__g&&(m.__g&=-4)}catch($){if(a.length=f,t.__v=null,c||o)if($&&$.then){if(t.__u|=128|c,o){for(~(E=o.indexOf(i||void 0))||(E=o.length);(I=o[E-1])&&I.nodeType==8;)E--;for(;E<o.length;E++)if(I=o[E])if(o[E]=null,C){if(I==R)break}else{if(I.nodeType!=8)break;I.data.startsWith("$s")&&(R=nt(C=I))}}if(!C){for(;i&&i.nodeType==8&&i.nextSibling;)i=i.nextSibling;C=i}(p=nt(C=t.__c.__z||(t.__c.__z=C)))?(t.__e=C,i=p):t.__e=i,i=i&&i.nextSibling}else o&&o.some(pe);else t.__e=n.__e;t.__k||(t.__k=n.__k||[]),$&&$.then||$n(t),S.__e($,t,n)}}else i=t.__e=bo(n.__e,t,n,r,s,o,a,c,u,e);return(p=S.diffed)&&p(t),i}function nt(e,t){if(e&&e.nodeType==8&&e.data.startsWith("$s"))for(var n=1;e=e.nextSibling;){if(e.nodeType==8){if(e.data.startsWith("$s"))n++;else if(e.data.startsWith("/$s")&&!--n)return e}t&&t.push(e)}}function $n(e){e&&(e.__c&&(e.__c.__g|=4),e.__k&&e.__k.some($n))}function Mn(e,t,n){for(var r=0;r<n.length;)Ut(n[r++],n[r++],n[r++]);S.__c&&S.__c(t,e),e.some(function(s){try{e=s.__h,s.__h=[],e.some(function(o){o.call(s)})}catch(o){S.__e(o,s.__v)}})}function bo(e,t,n,r,s,o,a,i,c,u){var p,d,f,m,g,y,h,x,b=n.props||ot,v=t.props,k=t.type;if(k=="svg"?s="http://www.w3.org/2000/svg":k=="math"?s="http://www.w3.org/1998/Math/MathML":s||(s="http://www.w3.org/1999/xhtml"),o){for(p=0;p<o.length;p++)if((g=o[p])&&(k?g.localName==k:g.nodeType==3)){e=g,o[p]=null;break}}if(!e){if(x=u.ownerDocument||document,!k)return x.createTextNode(v);e=x.createElementNS(s,k,v.is?v:u),i&&(S.__m&&S.__m(t,o),i=!1),o=null}if(k){if(u=k=="template"&&e.content||e,o=k=="textarea"&&v.defaultValue!=null?null:o&&wn.call(u.childNodes),!i&&o)for(b={},p=0;p<e.attributes.length;p++)b[(g=e.attributes[p]).name]=g.value;for(p in b)g=b[p],p=="dangerouslySetInnerHTML"?f=g:p=="children"||p in v||p=="value"&&"defaultValue"in v||p=="checked"&&"defaultChecked"in v||Xe(e,p,null,g,s);for(p in v)g=v[p],p=="children"?m=g:p=="dangerouslySetInnerHTML"?d=g:p=="value"?y=g:p=="checked"?h=g:i&&typeof g!="function"||b[p]===g||Xe(e,p,g,b[p],s);d?(i||f&&(d.__html==f.__html||d.__html==e.innerHTML)||(e.innerHTML=d.__html),t.__k=[]):(f&&(e.textContent=""),(k=="foreignObject"||s=="http://www.w3.org/1998/Math/MathML"&&po.test(k))&&(s="http://www.w3.org/1999/xhtml"),Sn(u,Ot(m)?m:[m],t,n,r,s,o,a,o?o[0]:n.__k&&le(n,0),i,c),o&&o.some(pe)),i&&k!="textarea"||(p="value",k=="progress"&&y==null?e.removeAttribute(p):y==null||y===e[p]&&(k!="progress"||y)||Xe(e,p,y,b[p],s),p="checked",h!=null&&h!=e[p]&&Xe(e,p,h,b[p],s))}else b===v||i&&e.data==v||(e.data=v);return e}function Ut(e,t,n,r){try{typeof e=="function"?t?t.__x=e(t)||1:r&&(r=r.__c||r.__e)&&(t=r.__x)&&(r.__x=null,typeof t=="function"?t():e(null)):e.current=t}catch(s){S.__e(s,n)}}function Bt(e,t,n){var r,s,o,a;if(S.unmount&&S.unmount(e),!(r=e.ref)||r.current&&r.current!=e.__e||Ut(r,null,t,e),r=e.__c){if(r.componentWillUnmount)try{r.componentWillUnmount()}catch(i){S.__e(i,t)}r.__P=r.__n=null}if(r=e.__k)for(a=0;a<r.length;a++)r[a]&&Bt(r[a],t,typeof e.type!="function"||n&&!e.props.__P);!n&&(r=e.__c)&&(r=r.__z)&&(s=nt(r,o=[]))&&(r==e.__e&&o.some(pe),pe(s),pe(r)),n||pe(e.__e),e.__e=e.__c=e.__=null}function yo(e,t,n){return this.constructor(e,n)}function jt(e,t){var n,r,s,o;S.__&&S.__(e,t),t.nodeType==9&&(t=t.documentElement),r=(n=e&&32&e.__u)?null:t.__k,t.__k=et(q,{children:[e]}),s=[],o=[],It(t,t.__k,r||ot,ot,t.namespaceURI,r?null:t.firstChild?wn.call(t.childNodes):null,s,r?r.__e:t.firstChild,n,o),Mn(s,t.__k,o),t.__k.props.children=null}S={__e:function(e,t,n,r){for(var s,o,a;t=t.__;)if((s=t.__c)&&!(1&s.__g)){s.__g|=4;try{if((a=(o=s.constructor)&&o.getDerivedStateFromError)&&s.setState(o.getDerivedStateFromError(e)),s.componentDidCatch&&(s.componentDidCatch(e,r||{}),a=1),a&&8&s.__g)return void(s.__g|=2)}catch(i){e=i}}throw rt=0,e}},xn=0,co=function(e){return e!=null&&e.constructor===Oe},tt.prototype.setState=function(e,t){var n=this.__s;n&&n!=this.state||(n=this.__s=me({},this.state)),typeof e=="function"&&(e=e(me({},n),this.props)),e&&(me(n,e),this.__v&&(t&&this.__k.push(t),bn(this)))},tt.prototype.forceUpdate=function(e){this.__v&&(this.__g|=4,e&&this.__h.push(e),bn(this))},tt.prototype.render=q,ie=[],rt=0,vn=function(e,t){return e.__v.__b-t.__v.__b},Qe=Symbol(),_n=/(PointerCapture)$|Capture$/i,Ft=0,Nt={},uo=0;function zt(e){let t=new DataView(e),n=t.getUint8(6)===1?t.getUint16(8,!0):t.getUint32(8,!0),r=(t.getUint8(6)===1?10:12)+n,s=new TextDecoder("latin1").decode(new Uint8Array(e,r-n,n)),o=/'descr':\s*'([^']+)'/.exec(s)?.[1],a=(/'shape':\s*\(([^)]*)\)/.exec(s)?.[1]??"").split(",").filter(c=>c.trim()!=="").map(Number),i=e.slice(r);switch(o){case"<f4":return{shape:a,data:new Float32Array(i)};case"<f8":return{shape:a,data:new Float64Array(i)};case"<i4":return{shape:a,data:new Int32Array(i)}}throw new Error(`an array of type ${o} cannot be shown`)}var Y=class extends Error{constructor(n,r,s=""){super(r);this.code=n;this.hint=s}code;hint};function V(e){return e instanceof Y?e:new Y("internal",String(e))}var be=new Y("unavailable","The daemon does not answer.","It may have stopped. Open the page anew with: vectory run"),Ln="api/v1/",Wt=async(e,t,n)=>{let r={method:e};n!==void 0&&(r.body=JSON.stringify(n),r.headers={"Content-Type":"application/json"});try{return await fetch(Ln+t,r)}catch{throw be}},at=Wt;function Ie(){return at===Wt}function Tn(e){at=e}async function J(e,t,n){let r=await at(e,t,n);if(!r.ok){let s=await r.json().catch(()=>null);throw new Y(s?.error.code??"internal",s?.error.message??`the daemon answered ${r.status}`,s?.error.hint)}return r}async function T(e){return(await J("GET",e)).json()}var P=encodeURIComponent,Cn={dataset:"datasets",experiment:"experiments",space:"spaces",comparison:"comparisons",index:"indices"},En=e=>e==="comparison"||e==="index"?"":"recursive=true&",_={openSession:e=>J("POST","session",{ticket:e}),spaces:async()=>(await T("spaces")).spaces,datasets:async()=>(await T("datasets")).datasets,experiments:async()=>(await T("experiments")).experiments,comparisons:async()=>(await T("comparisons")).comparisons,measures:async()=>(await T("measures")).measures,jobs:async()=>(await T("jobs")).jobs,indices:async()=>(await T("indices")).indices,wouldGo:async(e,t)=>e==="index"?[]:(await(await J("DELETE",`${Cn[e]}/${P(t)}?${En(e)}dry_run=true`)).json()).deleted,remove:(e,t)=>J("DELETE",`${Cn[e]}/${P(t)}?${En(e)}`),selections:async e=>{let t="space"in e?`space=${P(e.space)}`:`comparison=${P(e.comparison)}`;return(await T(`selections?${t}`)).selections},saveSelection:async e=>(await J("POST","selections",e)).json(),changeSelection:async(e,t)=>(await J("PATCH",`selections/${e}`,t)).json(),removeSelection:e=>J("DELETE",`selections/${e}`),query:async(e,t,n)=>(await(await J("POST","query",{spaces:[e],vector:t,k:n})).json()).results[0],comparison:e=>T(`comparisons/${P(e)}`),items:(e,t,n)=>T(`comparisons/${P(e)}/items?order=${t}&limit=${n}&lists=true`),space:e=>T(`spaces/${P(e)}`),duplicates:(e,t)=>T(`spaces/${P(e)}/duplicates?from=0&to=${t}`),item:async(e,t)=>(await T(`comparisons/${P(e)}/items?row=${t}`)).items[0],neighbours:(e,t,n)=>T(`spaces/${P(e)}/neighbours?row=${t}&k=${n}`),values:async(e,t)=>zt(await(await J("GET",`comparisons/${P(e)}/rows?column=${P(t)}`)).arrayBuffer()),column:(e,t)=>T(`datasets/${P(e)}/columns/${P(t)}`),dataset:e=>T(`datasets/${P(e)}`),row:async(e,t)=>await T(`datasets/${P(e)}/rows?from=${t}&to=${t+1}`),find:(e,t,n)=>T(`datasets/${P(e)}/rows?filter=${P(t)}&from=0&to=${n}`),byId:async(e,t)=>(await T(`spaces/${P(e)}/neighbours?id=${P(t)}&k=1`)).row,grade:e=>T(`spaces/${P(e)}/grade`),layout:async e=>(await J("POST","layouts",e)).json(),layouts:async()=>(await T("layouts")).layouts,layoutNow:e=>T(`layouts/${P(e)}`),frame:async(e,t)=>zt(await(await J("GET",`layouts/${P(e)}/frame?column=${P(t)}`)).arrayBuffer()),compare:async(e,t,n,r={})=>(await J("POST","comparisons",{a:e,b:t,k:n,...r})).json(),job:(e,t)=>T(`jobs/${P(e)}?wait=${t}`),cancel:e=>J("DELETE",`jobs/${P(e)}`)};function Dt(e,t,n){return at===Wt?Ln+Nn(e,t,n):null}function Nn(e,t,n){return`datasets/${P(e)}/media/${t}/${P(n)}`}var Rn=new Map;function Ht(e,t,n){let r=Nn(e,t,n),s=Rn.get(r);return s||(s=J("GET",r).then(async o=>URL.createObjectURL(await o.blob())),Rn.set(r,s)),s}var Fn=`:root {
  color-scheme: light dark;
  --ground: #f7f8fa;
  --surface: #ffffff;
  --text: #14171c;
  --muted: #59616e;
  --line: #e1e5ea;
  --accent: #0b63b0;
  --on-accent: #ffffff;
  --bar: #5b8fc9;
  --shared: #c2181f;
  --only-a: #9a5b00;
  --only-b: #97477a;
  --shared-ground: #fcebeb;
  --bad: #b3261e;
  --bad-ground: #fdeceb;
  --shadow: 0 1px 2px rgb(15 23 42 / 6%), 0 4px 16px rgb(15 23 42 / 5%);
  font:
    15px / 1.5 system-ui,
    -apple-system,
    "Segoe UI",
    Roboto,
    "Helvetica Neue",
    "DejaVu Sans",
    sans-serif;
}

@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1216;
    --surface: #171b21;
    --text: #e9ecf1;
    --muted: #a0a9b6;
    --line: #2a3039;
    --accent: #6cb6f5;
    --on-accent: #0b1622;
    --bar: #5d92cc;
    --shared: #ff8a86;
    --only-a: #e8b04b;
    --only-b: #df94c2;
    --shared-ground: #3b1b1d;
    --bad: #ff8f87;
    --bad-ground: #3a1a18;
    --shadow: none;
  }
}

* {
  box-sizing: border-box;
}
body {
  margin: 0;
  background: var(--ground);
  color: var(--text);
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
h1,
h2,
h3,
h4,
p,
ol,
ul,
dl,
dd,
figure,
fieldset {
  margin: 0;
  padding: 0;
}
ol,
ul {
  list-style: none;
}
a {
  color: var(--accent);
  text-decoration: none;
}
a:hover {
  text-decoration: underline;
}
:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
  border-radius: 4px;
}
.muted,
.waiting {
  color: var(--muted);
}
.hidden {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

.top {
  border-bottom: 1px solid var(--line);
  background: var(--surface);
}
.brand {
  display: flex;
  gap: 10px;
  align-items: center;
  width: fit-content;
  margin: 0 auto;
  padding: 12px 24px;
  color: var(--text);
  font-weight: 650;
  letter-spacing: -0.01em;
}
.top .brand {
  width: 100%;
  max-width: 1160px;
}
main {
  max-width: 1160px;
  margin: 0 auto;
  padding: 28px 24px 96px;
}
main > section,
main > form {
  margin-top: 32px;
}
nav {
  margin-bottom: 16px;
  font-size: 14px;
}
h1 {
  font-size: 26px;
  line-height: 1.25;
  letter-spacing: -0.02em;
  font-weight: 650;
}
h2 {
  font-size: 17px;
  letter-spacing: -0.01em;
  font-weight: 620;
}
h3 {
  font-size: 15px;
  font-weight: 620;
}
h4 {
  font-size: 12.5px;
  font-weight: 550;
  color: var(--muted);
}
.versus {
  color: var(--muted);
  font-weight: 400;
}
.section-head {
  display: flex;
  flex-wrap: wrap;
  gap: 12px;
  align-items: center;
  justify-content: space-between;
  margin-bottom: 12px;
}

button,
select,
input {
  font: inherit;
  color: inherit;
}
button {
  min-height: 36px;
  padding: 0 14px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--surface);
  cursor: pointer;
}
button:hover {
  border-color: var(--muted);
}
button.primary {
  border-color: var(--accent);
  background: var(--accent);
  color: var(--on-accent);
  font-weight: 600;
}
button:disabled {
  opacity: 0.55;
  cursor: default;
}
button.link {
  min-height: 24px;
  max-width: 100%;
  text-align: left;
  padding: 0 2px;
  border: 0;
  background: none;
  color: var(--accent);
}
.section-head ~ button,
.scroll ~ button {
  margin-top: 12px;
}

.compare,
.headline,
.histogram,
.empty,
.scroll {
  background: var(--surface);
  border: 1px solid var(--line);
  border-radius: 12px;
  box-shadow: var(--shadow);
}
.compare {
  display: flex;
  flex-wrap: wrap;
  gap: 16px;
  align-items: end;
  padding: 20px;
}
.compare label {
  display: grid;
  gap: 4px;
  flex: 1 1 220px;
  min-width: 0;
}
.compare label:has(input) {
  flex: 0 0 110px;
}
.compare label > span {
  font-size: 13px;
  color: var(--muted);
}
.compare select,
.compare input {
  min-height: 36px;
  width: 100%;
  padding: 0 10px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--ground);
}
.progress {
  display: flex;
  flex: 1 1 100%;
  gap: 12px;
  align-items: center;
}
progress {
  flex: 1;
  accent-color: var(--accent);
}
.compare .failure {
  flex: 1 1 100%;
}

.scroll {
  position: relative; /* else what is hidden in a cell widens the page */
  overflow-x: auto;
}
table {
  width: 100%;
  border-collapse: collapse;
  font-size: 14px;
}
th,
td {
  padding: 9px 16px;
  text-align: left;
  vertical-align: top;
  border-top: 1px solid var(--line);
}
.scroll th,
.scroll td {
  max-width: min(360px, 60vw);
  overflow-wrap: break-word; /* a table would sooner break a word anywhere than scroll */
}
.scroll td {
  min-width: 72px;
}
thead th {
  border-top: 0;
  color: var(--muted);
  font-weight: 500;
  font-size: 13px;
  white-space: nowrap;
}
.number {
  text-align: right;
  white-space: nowrap;
}
.groups .few td {
  color: var(--muted);
}

.headline {
  display: grid;
  grid-template-columns: minmax(150px, auto) 1fr;
  gap: 32px;
  align-items: start;
  margin-top: 20px;
  padding: 24px 28px;
}
.score {
  font-size: 56px;
  line-height: 1;
  font-weight: 660;
  letter-spacing: -0.04em;
}
.figure .muted {
  margin-top: 8px;
  font-size: 13.5px;
}
.lead {
  font-size: 17px;
  line-height: 1.45;
  max-width: 62ch;
}
.scale {
  position: relative;
  height: 8px;
  margin: 18px 0;
  border-radius: 4px;
  background: var(--line);
}
.scale > div {
  position: absolute;
  top: 0;
  bottom: 0;
}
.scale-fill {
  left: 0;
  border-radius: 4px;
  background: var(--bar);
}
.scale-interval {
  background: var(--accent);
}
.scale > .scale-chance {
  top: -4px;
  bottom: -4px;
  width: 2px;
  background: var(--text);
}
.numbers {
  display: flex;
  flex-wrap: wrap;
  gap: 12px 36px;
}
.numbers dt {
  font-size: 13px;
  color: var(--muted);
}
.numbers dd {
  font-weight: 600;
}
.notes {
  display: grid;
  gap: 4px;
  margin-top: 16px;
  padding-top: 14px;
  border-top: 1px solid var(--line);
  font-size: 14px;
  color: var(--muted);
}

.histogram {
  padding: 28px 24px 16px;
}
.bars,
.axis {
  position: relative;
  display: flex;
  gap: 6px;
}
.bars.dense,
.axis.dense {
  gap: 1px;
}
.bars {
  height: 200px;
  padding-top: 18px;
  border-bottom: 1px solid var(--muted);
}
.histogram fieldset {
  border: 0;
  min-width: 0;
}
.bar {
  display: flex;
  flex: 1 1 0;
  min-width: 0;
  height: 100%;
  padding: 0;
  border: 0;
  border-radius: 3px 3px 0 0;
  background: none;
  align-items: flex-end;
  touch-action: none;
}
.bar-fill {
  position: relative;
  width: 100%;
  border-radius: 3px 3px 0 0;
  background: var(--bar);
}
.bar:hover:enabled .bar-fill,
.bar[aria-pressed="true"] .bar-fill {
  background: var(--accent);
}
.bar-count {
  position: absolute;
  right: 0;
  left: 0;
  bottom: 100%;
  z-index: 1; /* above the marks of mean and chance, on a ground of its own */
  width: fit-content;
  margin: 0 auto 1px;
  padding: 0 2px;
  border-radius: 3px;
  background: var(--surface);
  font-size: 12px;
  line-height: 1.35;
  color: var(--muted);
}
.axis span {
  flex: 1 1 0;
  min-width: 0;
  padding-top: 6px;
  font-size: 12.5px;
  text-align: center;
  color: var(--muted);
}
.axis.dense span {
  white-space: nowrap;
  overflow: visible;
}
.bars > .mark {
  position: absolute;
  top: -14px;
  bottom: 0;
  border-left: 2px solid var(--text);
  pointer-events: none;
}
.bars > .mark span {
  position: absolute;
  top: -6px;
  left: 6px;
  font-size: 12.5px;
  font-weight: 600;
  white-space: nowrap;
}
.bars > .mark.high span {
  right: 6px;
  left: auto;
}
.bars > .mark.chance {
  border-left: 2px dashed var(--muted);
}
figcaption {
  margin-top: 6px;
  font-size: 13px;
  text-align: center;
  color: var(--muted);
}
.chance-key {
  margin-left: 16px;
}
details {
  margin-top: 8px;
  font-size: 14px;
}
summary {
  width: fit-content;
  min-height: 24px;
  color: var(--accent);
  cursor: pointer;
}
.tables {
  display: flex;
  flex-wrap: wrap;
  gap: 32px;
  align-items: flex-start;
}
.tables table {
  width: auto;
}

.segments {
  display: flex;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--surface);
  overflow: hidden;
}
.segments input {
  position: absolute;
  opacity: 0;
}
.segments span {
  display: block;
  padding: 5px 14px;
  font-size: 14px;
  cursor: pointer;
}
.segments input:checked + span {
  background: var(--accent);
  color: var(--on-accent);
}
.segments input:focus-visible + span {
  outline: 2px solid var(--accent);
  outline-offset: -4px;
  outline-color: var(--on-accent);
}
.legend {
  display: flex;
  flex-wrap: wrap;
  gap: 6px 24px;
  margin-bottom: 14px;
  font-size: 13.5px;
}
.shape {
  width: 10px;
  height: 10px;
  flex: none;
  fill: currentColor;
}
.mark-shared .shape {
  color: var(--shared);
}
.mark-a .shape {
  color: var(--only-a);
}
.mark-b .shape {
  color: var(--only-b);
}
.items {
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--surface);
  box-shadow: var(--shadow);
}
.item {
  display: grid;
  grid-template-columns: 250px minmax(0, 1fr);
  gap: 24px;
  padding: 20px;
  border-top: 1px solid var(--line);
}
.item:first-child {
  border-top: 0;
}
.subject {
  display: flex;
  gap: 14px;
  align-items: flex-start;
  min-width: 0;
}
.subject > div {
  min-width: 0;
}
.picture {
  width: 40px;
  height: 40px;
  border-radius: 5px;
  border: 1px solid var(--line);
  object-fit: contain;
  background: #ffffff;
}
.subject .picture {
  width: 72px;
  height: 72px;
  flex: none;
}
.picture.tiny {
  image-rendering: pixelated;
}
.picture.missing {
  display: grid;
  place-items: center;
  color: #59616e;
}
.text {
  margin-top: 2px;
}
.facts {
  display: flex;
  flex-wrap: wrap;
  gap: 2px 14px;
  font-size: 13.5px;
  color: var(--muted);
}
.facts b {
  color: var(--text);
}
.agreement {
  margin-top: 4px;
  font-size: 13.5px;
  color: var(--muted);
}
.agreement b {
  color: var(--text);
}
.lists {
  display: grid;
  grid-template-columns: repeat(2, minmax(0, 1fr));
  gap: 24px;
}
.lists:has(.tiles) {
  grid-template-columns: minmax(0, 1fr);
  gap: 12px;
}
.tiles {
  display: flex;
  flex-wrap: wrap;
  gap: 4px;
  margin-top: 4px;
}
.tiles .neighbour {
  position: relative;
  display: grid;
  justify-items: center;
  width: 64px;
  padding: 6px 2px 4px;
  border: 1px solid transparent;
  border-radius: 8px;
}
.tiles .shape {
  position: absolute;
  top: 3px;
  left: 3px;
}
.tiles .mark-shared {
  border-color: var(--shared);
  background: var(--shared-ground);
}
.name {
  font-size: 13.5px;
}
.tiles .name {
  max-width: 100%;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
  font-weight: 600;
}
.distance {
  font-size: 12px;
  color: var(--muted);
}
.lines {
  margin-top: 4px;
}
.lines .neighbour {
  display: grid;
  grid-template-columns: 10px minmax(0, 1fr) auto;
  gap: 8px;
  align-items: baseline;
  padding: 3px 6px;
  border-radius: 6px;
}
.lines .neighbour:has(.picture) {
  grid-template-columns: 10px 40px minmax(0, 1fr) auto;
}
.lines .hidden + .picture {
  align-self: center;
}
.lines .mark-shared {
  background: var(--shared-ground);
}

.failure {
  display: grid;
  gap: 8px;
  justify-items: start;
  padding: 16px 20px;
  border: 1px solid var(--bad);
  border-radius: 12px;
  background: var(--bad-ground);
}
.failure strong {
  color: var(--bad);
}
.empty {
  display: grid;
  gap: 12px;
  padding: 28px;
}
pre {
  margin: 0;
  padding: 14px 16px;
  border-radius: 8px;
  background: var(--ground);
  overflow-x: auto;
  font:
    13.5px / 1.6 ui-monospace,
    SFMono-Regular,
    Menlo,
    Consolas,
    "DejaVu Sans Mono",
    monospace;
}

@media (max-width: 860px) {
  main {
    padding: 20px 16px 64px;
  }
  .headline,
  .item {
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
  }
}
@media (max-width: 640px) {
  .lists {
    grid-template-columns: minmax(0, 1fr);
  }
  .histogram {
    padding: 28px 12px 16px;
  }
  .bars,
  .axis {
    gap: 2px;
  }
  .bar-count {
    font-size: 10px;
  }
}
@media (prefers-reduced-motion: no-preference) {
  button,
  .bar-fill {
    transition: background-color 120ms;
  }
}
@media (forced-colors: active) {
  .bar-fill,
  .scale-fill {
    forced-color-adjust: none;
  }
}

.maps {
  padding: 16px;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--surface);
  box-shadow: var(--shadow);
}
.tools {
  display: flex;
  flex-wrap: wrap;
  gap: 12px 20px;
  align-items: end;
  margin-bottom: 12px;
}
.tools > label,
.tools .field {
  display: grid;
  gap: 4px;
}
.tools > label > span,
.tools .field > span {
  font-size: 13px;
  color: var(--muted);
}
.tools .segments span {
  min-height: 34px;
}
.tools select {
  min-height: 36px;
  padding: 0 10px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--ground);
}
.tools input[type="range"] {
  width: 140px;
  margin: 0; /* browsers give it 2 px, which would lift its label above the others */
  min-height: 36px;
  accent-color: var(--accent);
}
.pair-of-plots {
  display: grid;
  grid-template-columns: repeat(2, minmax(0, 1fr));
  gap: 12px;
}
.plot-frame figcaption {
  margin: 0 0 4px;
  text-align: left;
}
canvas.points {
  display: block;
  width: 100%;
  aspect-ratio: 1;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--ground);
  cursor: crosshair;
  touch-action: none;
}
.board {
  position: relative;
}
.points-plain {
  position: absolute;
  inset: 1px;
  width: calc(100% - 2px);
  height: calc(100% - 2px);
  border-radius: 8px;
  background: var(--ground);
  pointer-events: none;
}
.trace {
  position: absolute;
  inset: 0;
  width: 100%;
  height: 100%;
  fill: color-mix(in srgb, var(--accent) 15%, transparent);
  stroke: var(--accent);
  pointer-events: none;
}
.find {
  flex: 1 1 260px;
}
.find form {
  display: flex;
  gap: 6px;
}
.find input {
  flex: 1;
  min-width: 120px;
}
.narrow {
  margin-top: 16px;
}
.narrow input {
  width: 100%;
}
.narrow input,
.find input,
.by-id input,
.words input,
.words textarea {
  min-height: 36px;
  padding: 0 10px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--ground);
  color: inherit;
  font: inherit;
}
.hits {
  display: flex;
  flex-wrap: wrap;
  gap: 2px 10px;
  margin-top: 6px;
  font-size: 13.5px;
}
.morph,
.exports {
  display: flex;
  flex-wrap: wrap;
  gap: 8px 14px;
  align-items: center;
  margin-top: 10px;
  font-size: 13.5px;
}
.morph input {
  flex: 0 1 260px;
  min-height: 28px;
  accent-color: var(--accent);
}
.by-id {
  margin-top: 14px;
}
.health {
  display: flex;
  flex-wrap: wrap;
  gap: 6px 10px;
  margin: 12px 0;
}
.health li {
  padding: 3px 12px;
  border: 1px solid var(--line);
  border-radius: 99px;
  background: var(--surface);
  font-size: 13.5px;
}
.health .doubtful {
  border-color: var(--only-a);
  color: var(--only-a);
}
.hubs {
  display: grid;
  gap: 4px;
  margin: 10px 0 20px;
}
.hubs li {
  display: grid;
  grid-template-columns: minmax(0, 240px) 160px auto;
  gap: 12px;
  align-items: center;
}
.by {
  max-width: 100%;
}
.by select {
  max-width: 100%;
  min-height: 34px;
  padding: 0 8px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--surface);
}
.hubs button {
  text-align: left;
}
.share {
  height: 10px;
  border-radius: 3px;
  background: var(--line);
}
.share span {
  display: block;
  height: 100%;
  border-radius: inherit;
  background: var(--bar);
}
.one {
  display: flex;
  flex-wrap: wrap;
  gap: 12px 20px;
}
.one .plot-frame {
  flex: 10 1 420px;
  max-width: 680px;
}
.beside {
  flex: 1 1 300px;
  min-width: 0;
}
.help,
.honesty,
.status {
  margin-top: 8px;
  font-size: 13.5px;
}
.maps .progress {
  margin-top: 8px;
}
.keys {
  display: flex;
  flex-wrap: wrap;
  gap: 6px;
  align-items: center;
  margin-top: 10px;
}
.key {
  display: inline-flex;
  gap: 6px;
  align-items: center;
  min-height: 28px;
  padding: 0 10px;
  font-size: 13px;
}
.key[aria-pressed="true"] {
  border-color: var(--accent);
}
.swatch {
  width: 10px;
  height: 10px;
}
.ramp {
  display: inline-block;
  width: 140px;
  height: 10px;
  border-radius: 3px;
  vertical-align: middle;
  background: linear-gradient(90deg, #440154, #3b518b, #21908d, #5cc863, #fde725);
}
.chosen {
  margin-top: 16px;
}
@media (max-width: 720px) {
  .pair-of-plots {
    grid-template-columns: minmax(0, 1fr);
  }
}

.above {
  display: flex;
  flex-wrap: wrap;
  gap: 4px 24px;
  justify-content: space-between;
}

.scrub {
  display: flex;
  gap: 12px;
  align-items: center;
  margin: 8px 0;
}
.scrub input {
  flex: 1;
}
.agreement {
  margin: 0 0 12px;
}
.agreement svg {
  display: block;
  width: 100%;
  max-height: 110px;
  cursor: pointer;
}
.agreement polyline {
  fill: none;
  stroke-width: 1.5;
}
.agreement .grid {
  stroke: var(--line);
}
.agreement .now {
  stroke: var(--muted);
  stroke-dasharray: 3 3;
}
.agreement .with-before polyline {
  stroke: var(--accent);
}
.agreement .with-before circle {
  fill: var(--accent);
}
.agreement .with-reference polyline {
  stroke: var(--only-a);
  stroke-dasharray: 6 3;
}
.agreement .with-reference circle {
  fill: var(--only-a);
}
.jobs {
  display: grid;
  gap: 6px;
}
.jobs li {
  display: flex;
  flex-wrap: wrap;
  gap: 4px 12px;
  align-items: center;
}
.badge {
  white-space: nowrap;
}
.badge.good::before,
.badge.doubtful::before {
  content: "\u25CF";
  margin-right: 5px;
  font-size: 0.8em;
}
.badge.good {
  color: var(--muted);
}
.badge.doubtful,
.jobs .doubtful {
  color: var(--only-a);
}
.remove {
  display: flex;
  gap: 12px;
  justify-content: end;
}
.remove button {
  white-space: nowrap;
}
.remove [role="alertdialog"] {
  min-width: 210px;
  padding: 10px 12px;
  border: 1px solid var(--bad);
  border-radius: 8px;
}
.remove [role="alertdialog"] p {
  margin: 0 0 6px;
}
.remove [role="alertdialog"] ul {
  margin: 0 0 6px 18px;
  list-style: disc;
}
button.danger {
  border-color: var(--bad);
  color: var(--bad);
}
.tools label,
.tools select {
  min-width: 0;
  max-width: 100%;
}
.tools .check {
  display: flex;
  gap: 6px;
  align-items: center;
  min-height: 36px;
}
select.inline {
  border: 1px solid var(--line);
  border-radius: 6px;
  background: var(--surface);
}
.key.fixed {
  cursor: default;
  opacity: 1;
}
.keys-list {
  padding: 20px 24px;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--surface);
  color: var(--text);
}
.keys-list::backdrop {
  background: rgb(0 0 0 / 35%);
}
.keys-list div {
  display: flex;
  gap: 16px;
}
.keys-list dt {
  flex: 0 0 130px;
}
.keys-list dd {
  margin: 0;
}
.curve svg {
  width: min(100%, 640px);
  font-size: 11px;
}
.curve text {
  fill: var(--muted);
}
.curve .rule {
  stroke: var(--line);
}
.curve polyline {
  fill: none;
  stroke: var(--accent);
  stroke-width: 2;
}
.curve polyline.chance {
  stroke: var(--muted);
  stroke-dasharray: 4 4;
}
.curve circle {
  fill: var(--accent);
}
.curve circle.here {
  stroke: var(--text);
  stroke-width: 2;
}
.by-vector {
  margin-top: 16px;
}
.by-vector label {
  display: grid;
  gap: 4px;
}
.by-vector textarea {
  width: 100%;
  padding: 6px 10px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--ground);
  color: inherit;
  font: inherit;
}

.saved h3 {
  font-size: 1rem;
  margin: 0.75rem 0 0.25rem;
}

.saved ul {
  margin: 0;
  padding-left: 1.25rem;
}

.saved .note {
  margin: 0.1rem 0 0.35rem;
  max-width: 70ch;
  overflow-wrap: anywhere;
  white-space: pre-line;
}

.saved .acts {
  margin-left: 0.75rem;
}

.words {
  align-items: center;
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem;
  margin: 0.5rem 0;
}

.words textarea {
  padding-top: 6px;
  vertical-align: middle;
  width: 22rem;
  max-width: 70vw;
}

.duplicates li button {
  margin-right: 0.5rem;
}

.duplicates ol {
  list-style: decimal;
  margin: 0.25rem 0;
  max-height: 20rem;
  overflow: auto;
  padding-left: 2.5rem;
}

button.sound {
  line-height: 1;
  min-width: 2rem;
  padding: 0.25rem 0.4rem;
}
`;var Ue=[[0,114,178],[230,159,0],[0,158,115],[204,121,167],[86,180,233],[150,140,20],[110,80,160],[120,85,60],[15,135,145],[190,150,220]],ce=[150,155,163],Kt=null;function Bn(e){Kt=e}function qt(){return(Kt?Kt==="dark":matchMedia("(prefers-color-scheme: dark)").matches)?[240,243,248]:[20,23,28]}var Gt=[[68,1,84],[71,44,122],[59,81,139],[44,113,142],[33,144,141],[39,173,129],[92,200,99],[170,220,50],[253,231,37]];function vo(e){let t=Math.max(0,Math.min(1,e))*(Gt.length-1),n=Gt[Math.floor(t)]??ce,r=Gt[Math.ceil(t)]??ce,s=t-Math.floor(t);return[0,1,2].map(o=>Math.round((n[o]??0)*(1-s)+(r[o]??0)*s))}var Be=190,ye=1;function ze(e,t,n){let r=new Array(t.length).fill(0);for(let f=0;f<e.length;f++){let m=e[f]??0;r[m]=(r[m]??0)+1}let s=t.map((f,m)=>m).filter(f=>(r[f]??0)>0);s.length>Ue.length&&s.sort((f,m)=>(r[m]??0)-(r[f]??0)||f-m);let a=s.slice(0,Ue.length),i=new Map(a.map((f,m)=>[f,Ue[m]??ce])),c=Uint32Array.from(t,(f,m)=>je(i.get(m)??ce,n.size===0||n.has(f)?Be:20)),u=new Uint32Array(e.length);for(let f=0;f<u.length;f++)u[f]=c[e[f]??0]??0;let p=a.map(f=>({name:t[f]??"",colour:i.get(f)??ce,count:r[f]??0})),d=s.slice(Ue.length).reduce((f,m)=>f+(r[m]??0),0);return d>0&&p.push({name:`${s.length-Ue.length} others`,colour:ce,count:d}),{colours:new Uint8Array(u.buffer),keys:p,range:null}}function je([e,t,n],r){return new Uint32Array(Uint8Array.of(e,t,n,r).buffer)[0]??0}function jn(e,t){let n=Float64Array.from(e).filter(Number.isFinite).sort();return n[Math.floor(t*n.length)]}function We(e,t){let n=Number.POSITIVE_INFINITY,r=Number.NEGATIVE_INFINITY;for(let u=0;u<e.length;u++){let p=e[u]??Number.NaN;Number.isFinite(p)&&(n=Math.min(n,p),r=Math.max(r,p))}let s=t!==void 0&&t<r;r=s?t:r;let o=1024,a=Uint32Array.from({length:o+1},(u,p)=>je(vo(p/o),Be)),i=je(ce,Be),c=new Uint32Array(e.length);for(let u=0;u<e.length;u++){let p=e[u]??Number.NaN,d=r>n?Math.min(1,(p-n)/(r-n)):.5;c[u]=Number.isFinite(p)?a[Math.round(d*o)]??i:i}return{colours:new Uint8Array(c.buffer),keys:[],range:n<=r?[n,r]:null,more:s}}function zn(e,t){let n=Float32Array.from(e,a=>a>t?a:Number.NaN),r=n.reduce((a,i)=>a+(Number.isNaN(i)?1:0),0),s=We(n,jn(n,.98));for(let a=0;a<n.length;a++)t>0&&Number.isNaN(n[a])&&(s.colours[4*a+3]=Be|ye);let o={name:`moved by the map, not the model (\u2264 ${t.toPrecision(2)})`,colour:ce,count:r};return t>0&&r>0?{...s,keys:[{...o,fixed:!0,hatched:!0}]}:s}var On=[213,120,0],In=[165,168,174],Un=[0,114,178];function Wn(e){let t=Math.max(1,jn(Array.from(e,Math.abs),.98)??1),n=new Uint32Array(e.length),r=[0,0,0];for(let a=0;a<n.length;a++){let i=Math.max(-1,Math.min(1,(e[a]??0)/t))||0,c=i<0?On:Un,u=Math.abs(i),p=In.map((d,f)=>Math.round(d+((c[f]??d)-d)*u));n[a]=je(p,Be),r[Math.sign(i)+1]=(r[Math.sign(i)+1]??0)+1}let s=["in fewer lists","in as many","in more lists"],o=[On,In,Un].map((a,i)=>({name:s[i]??"",colour:a,count:r[i]??0,fixed:!0}));return{colours:new Uint8Array(n.buffer),keys:o,range:null}}function _o(e){return e.length>12&&e.every(t=>t===""||t.trim()!==""&&Number.isFinite(Number(t)))}function it(e,t,n){let{codes:r,values:s}=e;if(!_o(s)){let i=new Uint32Array(t.length);for(let c=0;c<i.length;c++)i[c]=r[t[c]??0]??0;return ze(i,s,n)}let o=s.map(i=>i===""?Number.NaN:Number(i)),a=new Float64Array(t.length);for(let i=0;i<a.length;i++)a[i]=o[r[t[i]??0]??0]??Number.NaN;return We(a)}function De(e,t){if(t.length===0)return e;let n=e.colours.slice(),r=new Uint8Array(n.length/4);for(let s of t)r[s]=1;for(let s=0;s<r.length;s++)if(!r[s]){let o=n[4*s+3]??0;n[4*s+3]=Math.min(o,24)|o&ye}return{...e,colours:n}}function lt(e){let t=new Uint32Array(e).fill(je([91,143,201],150));return{colours:new Uint8Array(t.buffer),keys:[],range:null}}function Dn(e,t,n){return Gn(()=>_.compare(e,t,n))}async function Hn(e,t){return Gn(()=>_.compare(e.a,e.b,t.k??e.k,{metric_a:t.metric??e.metric_a,metric_b:t.metric??e.metric_b,preset:e.preset??"",sample:e.sampled_rows??0,exact:e.exact,engine:e.engine,by:t.by??[]}))}async function Gn(e){let t=await e();for(;!t.comparison&&t.job;){let n=await _.job(t.job.id,10);if(n.error)throw new Y(n.error.code,n.error.message,n.error.hint);n.state==="done"&&(t={comparison:await _.comparison(n.result??"")})}if(!t.comparison)throw V("the comparison was canceled");return t.comparison}var Ge,D,Vt,Kn,Jt=Object.is,Ke=0,tr=[],Yt=[],z=S,qn=z.__b,Vn=z.__r,Jn=z.diffed,Yn=z.__c,Zn=z.unmount,Xn=z.__;function Xt(e,t){z.__h&&z.__h(D,e,Ke||t),Ke=0;var n=D.__H||(D.__H={__:[],__h:[]});return e>=n.__.length&&n.__.push({}),n.__[e]}function w(e){return Ke=1,wo(or,e)}function wo(e,t,n){var r=Xt(Ge++,2);if(r.t=e,!r.__c&&(r.__=[n?n(t):or(void 0,t),function(o){var a=(r.__N||r.__)[0],i=r.t(a,o);Jt(a,i)||(r.__N=[i,r.__[1]],r.__c.setState({}))}],r.__c=D,!D.__f)){D.__f=!0;var s=D.shouldComponentUpdate;D.shouldComponentUpdate=function(o,a,i){var c=this.__H;if(!c)return!0;var u=!1,p=this.props!=o;if(c.__.some(function(f){f.__N&&(u=!0,Jt(f.__[0],f.__N[0])||(p=!0))}),s){var d=s.call(this,o,a,i);return u?d||p:d}return!u||p}}return r.__}function A(e,t){var n=Xt(Ge++,3);!z.__s&&rr(n.__H,t)&&(n.__P=!0,n.__=e,n.u=t,D.__H.__h.push(n))}function Q(e){return Ke=5,N(function(){return{current:e}},[])}function N(e,t){var n=Xt(Ge++,7);return rr(n.__H,t)&&(n.__=e(),n.__H=t),n.__}function nr(e,t){return Ke=8,N(function(){return e},t)}function ko(){var e;do{for(;e=Yt.shift();)try{He(e)}catch(n){z.__e(n,{__:(e=e.__P)&&e.__v})}for(;e=tr.shift();){var t=e.__H;if(e.__P&&t)try{t.__h.some(He),t.__h.some(Zt),t.__h=[]}catch(n){t.__h=[],z.__e(n,e.__v)}}}while(Yt.length)}z.__b=function(e){D=null,qn&&qn(e)},z.__=function(e,t){e&&t.__k&&t.__k.__m&&(e.__m=t.__k.__m),Xn&&Xn(e,t)},z.__r=function(e){Vn&&Vn(e),Ge=0;var t=(D=e.__c).__H;t&&(Vt==D?D.__h=[]:(t.__h.some(He),t.__h.some(Zt),Ge=0),t.__h=[],t.__.some(function(n){n.__N&&(n.__=n.__N),n.u=n.__N=void 0})),Vt=D},z.diffed=function(e){Jn&&Jn(e);var t=e.__c;t&&t.__H&&(t.__H.__h.length&&er(tr.push(t)),t.__H.__.some(function(n){n.u&&(n.__H=n.u)})),Vt=D=null},z.__c=function(e,t){t.some(function(n){try{n.__h.some(He),n.__h=n.__h.filter(function(r){return!r.__||Zt(r)})}catch(r){n.__h=[function(){throw r}]}}),Yn&&Yn(e,t)},z.unmount=function(e){Zn&&Zn(e);var t,n,r=e.__c;r&&r.__H&&(r.__H.__.some(function(s){try{if(s.__P&&s.__c){if(n===void 0){for(n=e.__;n&&(!n.__c||!n.__c.__P);)n=n.__;n=n&&n.__c}s.__P=n,er(Yt.push(s))}else He(s)}catch(o){t=o}}),r.__H=void 0,t&&z.__e(t,r.__v))};var Qn=typeof requestAnimationFrame=="function";function Ao(e){var t,n=function(){clearTimeout(r),Qn&&cancelAnimationFrame(t),setTimeout(e)},r=setTimeout(n,35);Qn&&(t=requestAnimationFrame(n))}function er(e){e!=1&&Kn==z.requestAnimationFrame||((Kn=z.requestAnimationFrame)||Ao)(ko)}function He(e){var t=D,n=e.__c;typeof n=="function"&&(e.__c=void 0,n()),D=t}function Zt(e){var t=D;e.__c=e.__(),D=t}function rr(e,t){return!e||e.length!=t.length||t.some(function(n,r){return!Jt(n,e[r])})}function or(e,t){return typeof t=="function"?t(e):t}function H(e,t,n){let r=()=>e?.get(t)??n,[s,o]=w(r);return A(()=>e?.on(t,()=>o(r())),[e,t,n]),[s,i=>{o(i),e?.set(t,i)}]}var So=[];function xe(e,t){let[n,r]=H(e,"item",-1),[s,o]=H(e,"selection",So),a=N(()=>ct(t),[t]),i=N(()=>s.map(a).filter(u=>u>=0),[s,a]),c=u=>t?.[u]??-1;return{chosen:a(n),selection:i,rows:s,open:r,choose:u=>r(c(u)),selectRows:o,select:u=>o(u.map(c).sort((p,d)=>p-d)),hover:u=>e?.set("hovered",u<0?null:c(u))}}var sr=new WeakMap;function ct(e){if(!e)return()=>-1;let t=sr.get(e);if(!t){let r=-1;for(let s=0;s<e.length;s++)r=Math.max(r,e[s]??-1);t=new Int32Array(r+1).fill(-1);for(let s=0;s<e.length;s++)t[e[s]??0]=s;sr.set(e,t)}let n=t;return r=>n[r]??-1}function F(e,t){let[n,r]=w(0),[s,o]=w({value:null,error:null});A(()=>{let i=!0;return e().then(c=>i&&o({value:c,error:null}),c=>i&&o(u=>({value:u.value,error:V(c)}))),()=>{i=!1}},[...t,n]);let a=nr(()=>r(i=>i+1),[]);return{...s,again:a}}function Z(e){return e.toLocaleString("en-US")}function G(e,t,n=`${t}s`){return`${Z(e)} ${e===1?t:n}`}function oe(e){return e!==0&&Math.abs(e)<5e-4?e.toExponential(1):e.toFixed(3)}function ar(e){return`${(100*e).toFixed(1)} %`}function Qt(e){if(!Number.isFinite(e))return"\u2013";let t=Math.abs(e);return t!==0&&(t<1e-4||t>=1e6)?e.toExponential(3):e.toPrecision(4)}function U(e,t){let n=Array.from(e.length>4*t?e.slice(0,4*t):e);return n.length<=t?{text:e,whole:!0}:{text:`${n.slice(0,t).join("").trimEnd()}\u2026`,whole:!1}}var Po=Symbol.for("pv"),$o=0;function l(e,t,n,r,s,o){t||(t={});var a,i,c=t;if("ref"in c&&typeof e!="function")for(i in c={},t)i=="ref"?a=t[i]:c[i]=t[i];var u={type:e,props:c,key:n,ref:a,__k:null,__:null,__b:0,__e:null,__c:null,constructor:Po,__v:--$o,__i:-1,__u:0};return(s||o)&&(u.__source=s,u.__self=o),S.vnode&&S.vnode(u),u}var Mo=[["arrows","the nearest item in that direction"],["Shift + arrows","move the map"],["+ \u2212 0","zoom in, out, the whole map"],["[ ]","the neighbour before, the next one"],["L","draw a lasso; again: move"],["B","to the other map"],["W A S D","turn a map of three dimensions"],["Z","undo: the state before"],["Esc","no item, no selection"],["?","this list"]];function ir({open:e,close:t}){let n=Q(null);return A(()=>{e&&!n.current?.open&&n.current?.showModal()},[e]),l("dialog",{ref:n,class:"keys-list","aria-label":"Keys of the maps",onClose:t,children:[l("h3",{children:"Keys, when a map has the focus"}),l("dl",{children:Mo.map(([r,s])=>l("div",{children:[l("dt",{children:l("kbd",{children:r})}),l("dd",{children:s})]},r))}),l("button",{type:"button",onClick:()=>n.current?.close(),children:"Close"})]})}function B({error:e,again:t}){return l("div",{class:"failure",role:"alert",children:[l("p",{children:l("strong",{children:lr(e.message)})}),e.hint&&l("p",{children:lr(e.hint)}),t&&l("button",{type:"button",onClick:t,children:"Try again"})]})}function lr(e){return e.charAt(0).toUpperCase()+e.slice(1)}function te({what:e}){return l("p",{class:"waiting",role:"status",children:["Loading ",e," \u2026"]})}function qe({text:e,limit:t}){let[n,r]=w(!1),s=U(e,t);return s.whole?l(q,{children:e}):l(q,{children:[n?e:s.text," ",l("button",{type:"button",class:"link",onClick:()=>r(!n),children:n?"less":"more"})]})}function X({of:e,limit:t=Co}){let n=U(e,t),s=(n.text.match(/[^/_-]*[/_-]+|[^/_-]+/g)??[]).flatMap((o,a)=>a===0?[o]:[l("wbr",{},a),o]);return l("span",{title:n.whole?void 0:e,children:s})}var Co=200;var Eo=`#version 300 es
layout(location=0) in vec2 place;
layout(location=1) in vec4 colour;
layout(location=2) in vec2 look; // shape and size of a mark
uniform vec3 camera; uniform vec2 size; uniform float points; uniform float ratio; uniform bool marked;
out vec4 tint; flat out float shape; out float edge; out float stroke;
void main() {
  vec2 p = (place - camera.xy) * camera.z;
  gl_Position = vec4(p * (size.y < size.x ? vec2(size.y / size.x, 1) : vec2(1, size.x / size.y)) * 2.0, 0, 1);
  gl_PointSize = marked ? look.y * ratio : points * ratio;
  tint = colour; shape = marked ? look.x : mod(floor(colour.a * 255.0 + 0.5), 2.0) * 4.0; // an odd opacity: hatched
  edge = gl_PointSize; stroke = 2.5 * ratio;
}`,Ro=`#version 300 es
precision mediump float;
in vec4 tint; flat in float shape; in float edge; in float stroke; out vec4 o;
uniform bool line;
void main() {
  if (line) { o = vec4(tint.rgb * tint.a, tint.a); return; }
  vec2 d = gl_PointCoord - 0.5;
  float inside;
  if (shape < 0.5) inside = 0.5 - length(d);
  else if (shape < 1.5) inside = min(0.42 - d.y, 0.44 + d.y * 0.5 - abs(d.x) - 0.2);
  else if (shape < 2.5) inside = 0.4 - max(abs(d.x), abs(d.y));
  else if (shape < 3.5) inside = min(0.5 - length(d), length(d) - 0.5 + stroke / edge);
  else inside = min(0.16 - 0.7 * abs(d.x + d.y), 0.5 - max(abs(d.x), abs(d.y)));
  float a = clamp(inside * edge, 0.0, 1.0) * tint.a;
  if (a <= 0.0) discard;
  o = vec4(tint.rgb * a, a);
}`;var ut=class{constructor(t){this.gl=t;this.program=Lo(t),t.enable(t.BLEND),t.blendFunc(t.ONE,t.ONE_MINUS_SRC_ALPHA),this.places=t.createBuffer(),this.colours=t.createBuffer(),this.extra=t.createBuffer(),this.pointsArray=t.createVertexArray(),this.extraArray=t.createVertexArray(),t.bindVertexArray(this.extraArray),t.bindBuffer(t.ARRAY_BUFFER,this.extra);for(let[n,r,s]of[[0,2,0],[1,4,8],[2,2,24]])t.enableVertexAttribArray(n),t.vertexAttribPointer(n,r,t.FLOAT,!1,32,s);this.kept=t.createFramebuffer(),this.picture=t.createRenderbuffer()}gl;program;uniforms=new Map;places;colours;extra;pointsArray;extraArray;kept;picture;base="";upload(t,n){let{gl:r}=this;r.bindBuffer(r.ARRAY_BUFFER,this[t]),r.bufferData(r.ARRAY_BUFFER,n,r.DYNAMIC_DRAW),this.base=""}draw(t){let{gl:n}=this,{marks:r,trails:s,...o}=t,a=JSON.stringify([o,s]),i=a!==this.base;n.viewport(0,0,t.width,t.height),this.set(t),i&&(n.bindFramebuffer(n.FRAMEBUFFER,this.kept),n.bindRenderbuffer(n.RENDERBUFFER,this.picture),n.renderbufferStorage(n.RENDERBUFFER,n.RGBA8,t.width,t.height),n.framebufferRenderbuffer(n.FRAMEBUFFER,n.COLOR_ATTACHMENT0,n.RENDERBUFFER,this.picture),n.clear(n.COLOR_BUFFER_BIT),this.vertices(n.LINES,s),this.points(t.n,t.step),this.base=a),n.bindFramebuffer(n.FRAMEBUFFER,null),n.clear(n.COLOR_BUFFER_BIT),n.bindFramebuffer(n.READ_FRAMEBUFFER,this.kept);let c=[0,0,t.width,t.height];return n.blitFramebuffer(...c,...c,n.COLOR_BUFFER_BIT,n.NEAREST),n.bindFramebuffer(n.FRAMEBUFFER,null),this.vertices(n.POINTS,r),i}set({camera:t,width:n,height:r,pointSize:s,ratio:o}){let{gl:a}=this;a.useProgram(this.program),a.uniform3f(this.at("camera"),t.x,t.y,t.zoom),a.uniform2f(this.at("size"),n,r),a.uniform1f(this.at("points"),s),a.uniform1f(this.at("ratio"),o)}points(t,n){let{gl:r}=this;r.uniform1i(this.at("line"),0),r.uniform1i(this.at("marked"),0),r.bindVertexArray(this.pointsArray),r.bindBuffer(r.ARRAY_BUFFER,this.places),r.enableVertexAttribArray(0),r.vertexAttribPointer(0,2,r.FLOAT,!1,8*n,0),r.bindBuffer(r.ARRAY_BUFFER,this.colours),r.enableVertexAttribArray(1),r.vertexAttribPointer(1,4,r.UNSIGNED_BYTE,!0,4*n,0),r.drawArrays(r.POINTS,0,Math.ceil(t/n))}vertices(t,n){let{gl:r}=this;n.length!==0&&(r.uniform1i(this.at("line"),t===r.LINES?1:0),r.uniform1i(this.at("marked"),t===r.LINES?0:1),r.bindVertexArray(this.extraArray),r.bindBuffer(r.ARRAY_BUFFER,this.extra),r.bufferData(r.ARRAY_BUFFER,new Float32Array(n),r.DYNAMIC_DRAW),r.drawArrays(t,0,n.length/8))}at(t){let n=this.uniforms.get(t);return n===void 0&&(n=this.gl.getUniformLocation(this.program,t),this.uniforms.set(t,n)),n}};function cr(e){let t=e.getExtension("WEBGL_debug_renderer_info"),n=String(e.getParameter(t?t.UNMASKED_RENDERER_WEBGL:e.RENDERER));return/swiftshader|llvmpipe|softpipe|software|basic render/i.test(n)}function Lo(e){let t=e.createProgram();for(let[n,r]of[[e.VERTEX_SHADER,Eo],[e.FRAGMENT_SHADER,Ro]]){let s=e.createShader(n);if(!s)throw new Error("the graphics context is lost");e.shaderSource(s,r),e.compileShader(s),e.attachShader(t,s)}if(e.linkProgram(t),!e.getProgramParameter(t,e.LINK_STATUS)&&!e.isContextLost())throw new Error(e.getProgramInfoLog(t)??"the shaders do not link");return t}var ve=class{constructor(t){this.places=t;let n=t.length/2;this.ids=new Uint32Array(n);let r=new Uint32Array(n);for(let o=0;o<n;o++){let a=se(t[2*o+1]??0)*256+se(t[2*o]??0);r[o]=a,this.start[a+1]=(this.start[a+1]??0)+1}for(let o=0;o<256*256;o++)this.start[o+1]=(this.start[o+1]??0)+(this.start[o]??0);let s=this.start.slice(0,-1);for(let o=0;o<n;o++){let a=r[o]??0;this.ids[s[a]??0]=o,s[a]=(s[a]??0)+1}}places;start=new Uint32Array(256*256+1);ids;nearest(t,n,r){let s=-1,o=r*r;for(let a=se(n-r);a<=se(n+r);a++)for(let i=se(t-r);i<=se(t+r);i++){let c=a*256+i;for(let u=this.start[c]??0;u<(this.start[c+1]??0);u++){let p=this.ids[u]??0,d=((this.places[2*p]??0)-t)**2+((this.places[2*p+1]??0)-n)**2;d<=o&&(s=p,o=d)}}return s}within(t){let n=Oo(t),r=new Uint8Array(this.ids.length);for(let o=0;o<256;o++){let a=No(t,(o+.5)/256);for(let i=0;i<256;i++){let c=o*256+i,u=this.start[c+1]??0,p=this.start[c]??0;if(n[c])for(;p<u;p++){let d=this.ids[p]??0;r[d]=To(t,this.places[2*d]??0,this.places[2*d+1]??0)?1:0}else if(Fo(a,(i+.5)/256))for(;p<u;p++)r[this.ids[p]??0]=1}}let s=[];for(let o=0;o<r.length;o++)r[o]&&s.push(o);return s}};function To(e,t,n){let r=!1,[s,o]=e.at(-1)??[0,0];for(let[a,i]of e)i>n!=o>n&&t<(s-a)*(n-i)/(o-i)+a&&(r=!r),[s,o]=[a,i];return r}function No(e,t){let n=[],[r,s]=e.at(-1)??[0,0];for(let[o,a]of e)a>t!=s>t&&n.push((r-o)*(t-a)/(s-a)+o),[r,s]=[o,a];return n}function Fo(e,t){return e.reduce((n,r)=>t<r?!n:n,!1)}function Oo(e){let t=new Uint8Array(65536);for(let s=0;s<256;s++)for(let o of[s,s+256*255,s*256,(s+1)*256-1])t[o]=1;let[n,r]=e.at(-1)??[0,0];for(let[s,o]of e){let[a,i]=[Math.min(o,r),Math.max(o,r)],c=i>a?(n-s)/(r-o):0,u=p=>s+c*(p-o);for(let p=se(a-pt);p<=se(i+pt);p++){let d=i>a?u(Math.max(a,p/256)):s,f=i>a?u(Math.min(i,(p+1)/256)):n,m=se(Math.max(d,f)+pt);for(let g=se(Math.min(d,f)-pt);g<=m;g++)t[p*256+g]=1}[n,r]=[s,o]}return t}var pt=1e-6;function se(e){return Math.max(0,Math.min(255,Math.floor(e*256)))}var _e={x:.5,y:.5,zoom:1},Uo=["circle","triangle","square","ring"],en=3e4,ur=200,pr=200,mt=class{constructor(t){this.canvas=t;t.addEventListener("webglcontextlost",this.lost),t.addEventListener("webglcontextrestored",this.restored),this.cover()}canvas;n=0;camera=_e;size=4;places=new Float32Array(0);colours=new Uint8Array(0);marks=[];trails=[];from=null;queued=0;grid=null;gl=null;graphics=null;paper=null;begun=!1;forgetBegin=null;slow=!1;movedAt=Number.NEGATIVE_INFINITY;settling=0;close(){cancelAnimationFrame(this.queued),clearTimeout(this.settling),this.forgetBegin?.(),this.canvas.removeEventListener("webglcontextlost",this.lost),this.canvas.removeEventListener("webglcontextrestored",this.restored),this.gl?.getExtension("WEBGL_lose_context")?.loseContext(),this.paper?.remove()}accelerate(){this.begun=!0,this.gl=this.canvas.getContext("webgl2",{antialias:!1,alpha:!0}),this.gl&&(this.slow=cr(this.gl),this.uncover(this.gl))}cover(){this.graphics=null;let t=document.createElement("canvas");t.className="points-plain",t.setAttribute("aria-hidden","true"),this.canvas.after(t),this.paper=t,this.draw()}uncover(t){this.graphics=new ut(t),this.graphics.upload("places",this.places),this.graphics.upload("colours",this.colours);let{paper:n}=this;this.paper=null,this.drawNow(),n?.remove()}lost=t=>{t.preventDefault(),this.cover()};restored=()=>{this.gl&&this.uncover(this.gl)};get accelerated(){return this.graphics!==null}move(t){this.places=t,this.grid=null;let n=t.length/2;n!==this.n&&(this.n=n,this.colours=new Uint8Array(4*n).fill(150),this.graphics?.upload("colours",this.colours)),this.graphics?.upload("places",t),this.stir()}paint(t){t.length===4*this.n&&(this.colours=t,this.graphics?.upload("colours",t),this.draw())}mark(t){this.marks=t.filter(n=>n.id>=0&&n.id<this.n),this.draw()}look(t){let n=t!==this.camera;this.camera=t,n&&this.stir()}trail(t,n){this.trails=t,this.from=n,this.draw()}draw(){this.queued||=requestAnimationFrame(()=>{this.queued=0,this.drawNow()})}stir(){this.movedAt=performance.now(),clearTimeout(this.settling),this.settling=setTimeout(()=>{(this.step()>1||!this.grid)&&(this.movedAt=Number.NEGATIVE_INFINITY,this.grid??=new ve(this.places),this.draw())},ur),this.draw()}step(){return this.slow&&performance.now()-this.movedAt<ur?Math.max(1,Math.min(31,Math.ceil(this.n/en))):1}drawNow(t=globalThis.devicePixelRatio||1,n=this.step()){let{clientWidth:r,clientHeight:s}=this.canvas,o=Math.max(1,Math.round(r*t)),a=Math.max(1,Math.round(s*t)),i=this.paper??this.canvas;if((i.width!==o||i.height!==a)&&(i.width=o,i.height=a),!this.graphics){this.drawPlain(o,a,t),!this.begun&&this.n>0&&(this.forgetBegin??=Bo(()=>this.accelerate()));return}let{camera:c,n:u}=this,p=this.pointSize(),d=this.trailVertices(),f=this.markVertices(),m={width:o,height:a,ratio:t,camera:c,n:u,step:n,pointSize:p,trails:d,marks:f};this.graphics.draw(m)&&n===1&&u>en&&!this.slow&&this.time(this.graphics.gl)}time(t){let n=t.fenceSync(t.SYNC_GPU_COMMANDS_COMPLETE,0),r=performance.now(),s=()=>{if(!n||t.isContextLost())return;let o=performance.now()-r;if(t.getSyncParameter(n,t.SYNC_STATUS)!==t.SIGNALED&&o<pr){setTimeout(s,20);return}this.slow=o>=pr,t.deleteSync(n)};setTimeout(s,0)}picture(t){this.drawNow(t,1);let n=(this.paper??this.canvas).toDataURL("image/png");return this.drawNow(),n}markVertices(){return this.marks.flatMap(({id:t,colour:[n,r,s],shape:o,size:a})=>[this.places[2*t]??0,this.places[2*t+1]??0,n/255,r/255,s/255,1,Uo.indexOf(o),a])}trailVertices(){let{from:t,places:n,colours:r}=this;return t?this.trails.flatMap(s=>{let o=[0,1,2].map(c=>(r[4*s+c]??0)/255),a=[t[2*s]??0,t[2*s+1]??0],i=[n[2*s]??0,n[2*s+1]??0];return[...a,...o,.1,0,0,...i,...o,.75,0,0]}):[]}pointSize(){let t=Math.max(.35,Math.min(1,Math.sqrt(2e4/Math.max(this.n,1))));return Math.max(1.5,this.size*t*Math.min(2.5,this.camera.zoom**.3))}drawPlain(t,n,r){let s=this.paper?.getContext("2d",{willReadFrequently:!0});if(!s)return;s.setTransform(1,0,0,1,0,0),s.clearRect(0,0,t,n),s.scale(r,r),this.drawTrails(s);let o=this.pointSize(),a=Math.max(1,Math.ceil(this.n/en)),i=new Uint32Array(this.colours.buffer,this.colours.byteOffset,this.n),c=-1;for(let u=0;u<this.n;u+=a){let[p,d]=this.toPixel(u),f=this.colours[4*u+3]??255;if(i[u]!==c){c=i[u]??0;let[m,g,y]=this.colours.subarray(4*u,4*u+3);s.fillStyle=`rgb(${m} ${g} ${y} / ${f/255})`}f&ye?(s.strokeStyle=s.fillStyle,s.lineWidth=o/3,s.beginPath(),s.moveTo(p-o/2,d+o/2),s.lineTo(p+o/2,d-o/2),s.stroke()):s.fillRect(p-o/2,d-o/2,o,o)}for(let u of this.marks){let[p,d]=this.toPixel(u.id);jo(s,u,p,d)}}drawTrails(t){let{from:n}=this;for(let r of n?this.trails:[]){let[s,o,a]=this.colours.subarray(4*r,4*r+3);t.strokeStyle=`rgb(${s} ${o} ${a} / 0.5)`,t.beginPath(),t.moveTo(...this.onCanvas(n?.[2*r]??0,n?.[2*r+1]??0)),t.lineTo(...this.toPixel(r)),t.stroke()}}scale(){return Math.min(this.canvas.clientWidth,this.canvas.clientHeight)*this.camera.zoom}toPlot(t,n){let{clientWidth:r,clientHeight:s}=this.canvas,o=this.scale();return[(t-r/2)/o+this.camera.x,(s/2-n)/o+this.camera.y]}toPixel(t){return this.onCanvas(this.places[2*t]??0,this.places[2*t+1]??0)}onCanvas(t,n){let{clientWidth:r,clientHeight:s}=this.canvas,o=this.scale();return[(t-this.camera.x)*o+r/2,s/2-(n-this.camera.y)*o]}pick(t,n,r=8){this.grid??=new ve(this.places);let[s,o]=this.toPlot(t,n);return this.grid.nearest(s,o,r/this.scale())}next(t,n,r){let s=this.places[2*t]??0,o=this.places[2*t+1]??0,a=-1,i=Number.POSITIVE_INFINITY;for(let c=0;c<this.n;c++){let u=(this.places[2*c]??0)-s,p=(this.places[2*c+1]??0)-o,d=u*n+p*r,f=Math.abs(u*r-p*n),m=u*u+p*p;c!==t&&d>0&&f<=d&&m<i&&(a=c,i=m)}return a}within(t){return this.grid??=new ve(this.places),this.grid.within(t)}};function Bo(e){let t,n=requestAnimationFrame(()=>{t=setTimeout(e)});return()=>{cancelAnimationFrame(n),clearTimeout(t)}}function jo(e,t,n,r){let[s,o,a]=t.colour,i=t.size/2;e.fillStyle=e.strokeStyle=`rgb(${s} ${o} ${a})`,e.lineWidth=2.5,e.beginPath(),t.shape==="triangle"?(e.moveTo(n,r-i),e.lineTo(n+i,r+i),e.lineTo(n-i,r+i)):t.shape==="square"?e.rect(n-i*.8,r-i*.8,t.size*.8,t.size*.8):e.arc(n,r,t.shape==="ring"?i-1:i,0,7),t.shape==="ring"?e.stroke():e.fill()}function we(e){return(e??[]).map(t=>({value:t,text:U(t,60).text}))}var zo={move:"move",turn:"turn",box:"select a box",lasso:"lasso"},mr=[];function ke(e,t){let[n,r]=H(e,"colour",t.colour??""),[s,o]=H(e,"only",mr),[a,i]=H(e,"k",t.k),[c,u]=H(e,"dims",2),[p,d]=w(_e),[f,m]=w(c===3&&t.deep?"turn":"move"),[g,y]=w(!1);return{colour:n,only:s,setOnly:o,setK:i,camera:p,setCamera:d,gesture:f,setGesture:m,helped:g,setColour:h=>{o(mr),r(h)},k:Math.min(Math.max(a,1),t.most),most:t.most,dims:t.deep?c:2,setDims:t.deep?u:void 0,help:(h=!0)=>y(h),undo:e?.undo?.bind(e)}}function Ae({tools:e,colours:t,dataset:n,says:r,children:s}){return l("div",{class:"tools",children:[s,l("label",{children:[l("span",{children:"Colour"}),l("select",{value:e.colour,onChange:o=>e.setColour(o.currentTarget.value),children:[l("option",{value:"",children:"none"}),t.map(({value:o,text:a})=>l("option",{value:o,children:a},o))]})]}),l("label",{class:"slider",children:[l("span",{children:["Neighbours: ",l("b",{children:e.k})]}),l("input",{type:"range",min:"1",max:e.most,value:e.k,onInput:o=>e.setK(Number(o.currentTarget.value))})]}),l("div",{class:"field",children:[l("span",{children:"Drag to"}),l("fieldset",{class:"segments",children:[l("legend",{class:"hidden",children:"What a drag on a map does"}),Object.entries(zo).filter(([o])=>o!=="turn"||e.dims===3).map(([o,a])=>l("label",{children:[l("input",{type:"radio",checked:e.gesture===o,onChange:()=>e.setGesture(o)}),l("span",{children:a})]},o))]})]}),l("button",{type:"button",onClick:()=>e.setCamera(_e),children:"Whole map"}),e.setDims&&l("label",{class:"check",children:[l("input",{type:"checkbox",checked:e.dims===3,onChange:o=>{let a=o.currentTarget.checked;e.setDims?.(a?3:2),e.setGesture(a?"turn":"move")}}),l("span",{children:"3-D"})]}),e.undo&&l("button",{type:"button",title:"the state before (Z)",onClick:e.undo,children:"Undo"}),l("button",{type:"button",title:"the keys of the maps (?)",onClick:()=>e.help(),children:"Keys"}),n&&l(Go,{dataset:n,select:r.selectRows,open:r.open}),l(ir,{open:e.helped,close:()=>e.help(!1)})]})}var Wo=2e5;function dt(e,t,{kept:n,rows:r}){let s=Object.entries(t),o=s.filter(([p])=>!n||n.includes(p)),a=r>Wo&&!n?"pca":(o[0]??s[0])?.[0],[i,c]=H(e,"method",""),u=o.find(([p])=>p===i)?.[0]??a;return{method:u,choice:l(Do,{method:u,setMethod:c,methods:o})}}function Do(e){return l("label",{children:[l("span",{children:"Laid out"}),l("select",{value:e.method,onChange:t=>e.setMethod(t.currentTarget.value),children:e.methods.map(([t,n])=>l("option",{value:t,children:n},t))})]})}var Ho=12;function Go({dataset:e,select:t,open:n}){let[r,s]=w(""),[o,a]=w(""),{value:i,error:c}=F(async()=>o===""?null:{asked:o,found:await _.find(e,o,Ho)},[e,o]),u=i&&i.asked===o?i.found:null;return A(()=>{u&&t(u.matches)},[u]),l("search",{class:"find",children:[l("form",{onSubmit:p=>{p.preventDefault(),a(r.trim()),r.trim()===""&&t([])},children:[l("input",{type:"search",value:r,placeholder:"Find a text or an id","aria-label":`Find items of ${e} by a text in any column`,onInput:p=>s(p.currentTarget.value)}),l("button",{type:"submit",children:"Find"})]}),c&&l(B,{error:c}),u&&l("div",{class:"hits",role:"status",children:[l("span",{children:[u.matches.length===0?"Nothing holds":`${G(u.matches.length,"item")} with`," \u201C",U(o,40).text,"\u201D",u.matches.length>1&&": "]}),u.ids.map((p,d)=>l("button",{type:"button",class:"link",onClick:()=>n(u.matches[d]??-1),children:l(X,{of:p,limit:40})},p)),u.matches.length>u.ids.length&&l("span",{class:"muted",children:"\u2026"})]})]})}function Se({count:e,clear:t}){return e===0?null:l("p",{children:[G(e,"item")," selected"," ",l("button",{type:"button",class:"link",onClick:t,children:"clear"})]})}function Pe({share:e,stage:t,job:n}){return l("p",{class:"progress",role:"status",children:[l("progress",{value:e,"aria-label":"progress of the map"})," ",t," ",l("button",{type:"button",onClick:()=>_.cancel(n).catch(()=>{}),children:"Cancel"})]})}function ft({layout:e}){return e.state!=="done"||!e.quality?null:l("p",{class:"muted honesty",children:[e.quality.map((t,n)=>l("span",{children:[e.spaces[n],": ",ar(t.recall_15)," of the 15 nearest are near on the map, trustworthiness"," ",oe(t.trustworthiness),"."," "]},e.spaces[n])),e.null_band!==null&&e.displacement!==null&&l("span",{children:["The median item moved by ",e.displacement.toFixed(3)," of the map's radius; below"," ",e.null_band.toFixed(3)," movement means nothing."]})]})}function $e({painted:e,only:t,setOnly:n}){let r=s=>n(t.includes(s)?t.filter(o=>o!==s):[...t,s]);return l("div",{class:"keys",children:[e.range&&l("span",{children:[e.range[0].toPrecision(3)," ",l("span",{class:"ramp","aria-hidden":"true"})," ",e.range[1].toPrecision(3),e.more&&" and more"]}),e.keys.map(s=>l("button",{type:"button",class:s.fixed?"key fixed":"key",disabled:s.fixed,"aria-pressed":t.includes(s.name),onClick:()=>r(s.name),children:[l("svg",{class:"swatch",viewBox:"0 0 10 10","aria-hidden":"true",fill:`rgb(${s.colour.join(" ")})`,children:s.hatched?l("path",{d:"M0 8.5 8.5 0 10 1.5 1.5 10Z"}):l("circle",{cx:"5",cy:"5",r:"5"})}),l("span",{children:[l(X,{of:s.name,limit:60})," ",l("span",{class:"muted",children:Z(s.count)})]})]},s.name))]})}function ht(e,t){let n=(e.a??[]).slice(0,t),r=(e.b??[]).slice(0,t),s=new Set(n.map(i=>i.id)),o=new Set(r.map(i=>i.id)),a=n.filter(i=>o.has(i.id)).length;return{...e,a:n.map(i=>({...i,shared:o.has(i.id)})),b:r.map(i=>({...i,shared:s.has(i.id)})),shared:a,jaccard:a/(2*t-a)}}var tn=[194,24,31],dr=[176,104,0],fr=[151,71,122],hr=e=>({id:e,shape:"ring",colour:qt(),size:20});function gr(e){return e<0?[]:[{id:e,shape:"ring",colour:qt(),size:15}]}function br(e,t,n,r){if(!e||!t||n<0)return{a:[],b:[]};let s=ct(t.a),o=ct(t.b),a=ht(e,r),i=[...(a.a??[]).filter(c=>!c.shared).map(c=>({id:s(c.row),shape:"triangle",colour:dr,size:13})),...(a.b??[]).filter(c=>!c.shared).map(c=>({id:o(c.row),shape:"square",colour:fr,size:12})),...(a.a??[]).filter(c=>c.shared).map(c=>({id:s(c.row),shape:"circle",colour:tn,size:11})),hr(n)];return{a:i,b:i}}function gt(e,t){let n=e.map(r=>({id:r.row,shape:"circle",colour:tn,size:11}));return t<0?[]:[...n,hr(t)]}var yr={circle:tn,triangle:dr,square:fr};function de(e){let t=Q(null),n=Q(null),[r,s]=w([]),o=Q(e);return o.current=e,A(()=>{let a=t.current;if(!a)return;let i=new mt(a);n.current=i,Me.set(e.side,i);let c=new ResizeObserver(()=>i.draw());c.observe(a);let u=Ko(a,i,o,s);return()=>{c.disconnect(),u(),i.close(),Me.get(e.side)===i&&Me.delete(e.side)}},[]),A(()=>{e.places&&n.current?.move(e.places),e.colours&&n.current?.paint(e.colours)},[e.places,e.colours]),A(()=>n.current?.mark(e.marks),[e.marks,e.places]),A(()=>n.current?.look(e.tools.camera),[e.tools.camera]),A(()=>n.current?.trail(e.trails?.ids??[],e.trails?.from??null),[e.trails]),l("figure",{class:`plot-frame side-${e.side}`,children:[l("figcaption",{children:l("span",{class:`space-${e.side}`,children:e.name})}),l("div",{class:"board",children:[l("canvas",{ref:t,class:`points gesture-${e.tools.gesture}`,"data-side":e.side,tabIndex:0,role:"application","aria-label":`Map of ${e.name}`,"aria-describedby":"map-help",onKeyDown:a=>n.current&&Jo(a,n.current,o.current)}),r.length>0&&l("svg",{class:"trace","aria-hidden":"true",children:l("polygon",{points:r.map(a=>a.join(",")).join(" ")})})]})]})}var Me=new Map;Object.assign(globalThis,{vectoryPlots:Me});var xr=10,vr=.01,_r=.15;function Ko(e,t,n,r){let s=null,o=null,a=null,i=!1,c=y=>{let h=e.getBoundingClientRect();return[y.clientX-h.left,y.clientY-h.top]},u=y=>{e.setPointerCapture(y.pointerId);let[h,x]=c(y);i=!1,y.shiftKey||["box","lasso"].includes(n.current.tools.gesture)?(o=[[h,x]],a=!y.shiftKey&&n.current.tools.gesture==="box"?[h,x]:null):s={x:h,y:x,camera:n.current.tools.camera}},p=y=>{let[h,x]=c(y);if(o){o=a?qo(a,[h,x]):[...o,[h,x]],r(o);return}if(!s){n.current.hover(t.pick(h,x,xr));return}if(i||=Math.hypot(h-s.x,x-s.y)>3,i&&n.current.tools.gesture==="turn")n.current.turn?.((h-s.x)*vr,(x-s.y)*vr),s={...s,x:h,y:x};else if(i){let b=Math.min(e.clientWidth,e.clientHeight)*s.camera.zoom;n.current.tools.setCamera({...s.camera,x:s.camera.x-(h-s.x)/b,y:s.camera.y+(x-s.y)/b})}},d=y=>{let[h,x]=c(y);o&&Vo(o)>3?n.current.lasso(t.within(o.map(([b,v])=>t.toPlot(b,v)))):!i&&(s||o)&&n.current.choose(t.pick(h,x,xr)),f()},f=()=>{o=null,s=null,r([])},m=y=>{if(!e.matches(":focus")&&!y.ctrlKey)return;y.preventDefault();let[h,x]=c(y);n.current.tools.setCamera(nn(t,n.current.tools.camera,Math.exp(-y.deltaY*.0015),h,x))},g=()=>n.current.hover(-1);return e.addEventListener("pointerdown",u),e.addEventListener("pointermove",p),e.addEventListener("pointerup",d),e.addEventListener("pointercancel",f),e.addEventListener("pointerleave",g),e.addEventListener("wheel",m,{passive:!1}),()=>{e.removeEventListener("pointerdown",u),e.removeEventListener("pointermove",p),e.removeEventListener("pointerup",d),e.removeEventListener("pointercancel",f),e.removeEventListener("pointerleave",g),e.removeEventListener("wheel",m)}}function qo([e,t],[n,r]){return[[e,t],[n,t],[n,r],[e,r]]}function Vo(e){let t=n=>{let r=e.map(s=>s[n]);return r.reduce((s,o)=>Math.max(s,o))-r.reduce((s,o)=>Math.min(s,o))};return Math.max(t(0),t(1))}function nn(e,t,n,r,s){let o=Math.max(.5,Math.min(400,t.zoom*n)),[a,i]=e.toPlot(r,s),c=t.zoom/o;return{zoom:o,x:a+(t.x-a)*c,y:i+(t.y-i)*c}}var wr={a:[-1,0],d:[1,0],w:[0,-1],s:[0,1]};function Jo(e,t,n){let{camera:r}=n.tools,o={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,1],ArrowDown:[0,-1]}[e.key],a=[t.canvas.clientWidth/2,t.canvas.clientHeight/2];if(o&&e.shiftKey)n.tools.setCamera({...r,x:r.x+.1*o[0]/r.zoom,y:r.y+.1*o[1]/r.zoom});else if(o){let i=n.chosen<0?t.pick(...a,t.canvas.clientWidth):t.next(n.chosen,o[0],o[1]);i>=0&&n.choose(i)}else if(e.key==="+"||e.key==="=")n.tools.setCamera(nn(t,r,1.4,...a));else if(e.key==="-")n.tools.setCamera(nn(t,r,1/1.4,...a));else if(e.key==="0")n.tools.setCamera(_e);else if(e.key==="Escape")n.choose(-1),n.lasso([]);else if(e.key==="?")n.tools.help();else if(e.key==="["||e.key==="]")n.walk?.(e.key==="]"?1:-1);else if(n.turn&&e.key.toLowerCase()in wr&&!e.ctrlKey&&!e.metaKey){let[i=0,c=0]=wr[e.key.toLowerCase()]??[];n.turn(i*_r,c*_r)}else if(e.key.toLowerCase()==="z")n.tools.undo?.();else if(e.key.toLowerCase()==="l")n.tools.setGesture(n.tools.gesture==="lasso"?"move":"lasso");else if(e.key.toLowerCase()==="b")t.canvas.getRootNode().querySelector(`canvas.points[data-side="${n.side==="a"?"b":"a"}"]`)?.focus();else return;e.preventDefault()}function Ce({figure:e,table:t,rows:n}){let[r,s]=w(null),o=a=>{s(null),a().then(([i,c])=>Yo(i,c),i=>s(V(i)))};return l("div",{class:"exports",children:[l("span",{class:"muted",children:"Save"}),l("button",{type:"button",onClick:()=>o(async()=>[await Sr(e()),`${e().file}.png`]),children:"PNG"}),l("button",{type:"button",onClick:()=>o(async()=>[es(e()),`${e().file}.svg`]),children:"SVG"}),l("button",{type:"button",onClick:()=>o(async()=>{let{columns:a,rows:i}=await t();return[new Blob([Zo(a,i)],{type:"text/csv"}),`${e().file}.csv`]}),children:["CSV of ",Z(n)]}),r&&l(B,{error:r})]})}function Yo(e,t){let n=document.createElement("a");n.href=URL.createObjectURL(e),n.download=t.replaceAll("/","-"),n.click(),setTimeout(()=>URL.revokeObjectURL(n.href),6e4)}function Zo(e,t){let n=s=>{let o=String(s);return/[",\r\n]/.test(o)?`"${o.replaceAll('"','""')}"`:o},r=[e.map(({name:s})=>n(s)).join(",")];for(let s=0;s<t;s++)r.push(e.map(({value:o})=>n(o(s))).join(","));return`${r.join(`\r
`)}\r
`}async function bt(e,t){let n=e?(await _.dataset(e)).columns:[];return(await Promise.all(n.map(s=>_.column(e??"",s)))).map(({column:s,codes:o,values:a})=>({name:s,value:i=>a[o[t[i]??-1]??-1]??""}))}var Xo=1500;function Ee({link:e,figure:t,looked:n}){return A(()=>{let r=e?.keep;if(!r)return;let s=setTimeout(()=>Sr(t(),1).then(r,()=>{}),Xo);return()=>clearTimeout(s)},[e,...n]),null}var Ar=2,Qo=2e4,ne=16,rn=20,kr=170;async function Sr(e,t=Ar){let{text:n,width:r,height:s}=Pr(e,!1),o=new Image(r,s);o.src=`data:image/svg+xml;charset=utf-8,${encodeURIComponent(n)}`,await o.decode();let a=document.createElement("canvas");return a.width=t*r,a.height=t*s,a.getContext("2d")?.drawImage(o,0,0,a.width,a.height),new Promise((i,c)=>a.toBlob(u=>u?i(u):c(new Error("the picture is too large"))))}function es(e){return new Blob([Pr(e,!0).text],{type:"image/svg+xml"})}function Pr(e,t){let n=e.panels.flatMap(({side:g,name:y})=>{let h=Me.get(g);return h?[{name:y,plot:h}]:[]}),r=getComputedStyle(n[0]?.plot.canvas??document.documentElement),s=g=>r.getPropertyValue(g).trim(),o=n.map(({plot:g})=>[g.canvas.clientWidth,g.canvas.clientHeight]),a=ne+o.reduce((g,[y])=>g+y+ne,0),i=ne+2*rn+8,c=Math.max(...o.map(([,g])=>g)),u=ns(e,a-2*ne,s("--muted")),p=i+c+ne+u.height,d=ne,f=n.map(({name:g,plot:y},h)=>{let[x=0,b=0]=o[h]??[],v=`<g transform="translate(${d} ${i})"><text y="-8" fill="${s("--text")}">${Ve(g)}</text>
<svg width="${x}" height="${b}">${ts(y,t)}</svg><rect width="${x}" height="${b}" fill="none" stroke="${s("--line")}"/></g>`;return d+=x+ne,v});return{text:`<svg xmlns="http://www.w3.org/2000/svg" width="${a}" height="${p}" viewBox="0 0 ${a} ${p}" font-family="system-ui, DejaVu Sans, sans-serif" font-size="13">
<rect width="100%" height="100%" fill="${s("--surface")}"/>
<text x="${ne}" y="${ne+14}" font-size="15" font-weight="600" fill="${s("--text")}">${Ve(e.title)}</text>
${f.join(`
`)}
<g transform="translate(${ne} ${i+c+ne})" fill="${s("--text")}">${u.text}</g>
</svg>
`,width:a,height:p}}function ts(e,t){let{clientWidth:n,clientHeight:r}=e.canvas;if(!t||e.n>Qo)return`<image width="${n}" height="${r}" href="${e.picture(2*Ar)}"/>`;let s=e.pointSize()/2,o=new Map;for(let i=0;i<e.n;i++){let[c,u]=e.toPixel(i);if(c<-9||u<-9||c>n+9||u>r+9)continue;let[p,d,f,m]=e.colours.subarray(4*i,4*i+4),g=`fill="rgb(${p},${d},${f})" fill-opacity="${((m??255)/255).toFixed(2)}"`,y=(m??0)&ye?Mr(c,u,s):$r(c,u,s),h=o.get(g);h?h.push(y):o.set(g,[y])}return[...o].map(([i,c])=>`<g ${i}>${c.join("")}</g>`).join(`
`)+e.marks.map(i=>Cr(i,...e.toPixel(i.id))).join("")}function $r(e,t,n){return`<circle cx="${e.toFixed(1)}" cy="${t.toFixed(1)}" r="${n.toFixed(2)}"/>`}function Mr(e,t,n){let[r,s,o,a]=[e-n,t+n,1.7*n,.3*n].map(i=>i.toFixed(2));return`<path d="M${r} ${s}l${o} -${o}l${a} ${a}l-${o} ${o}z"/>`}function on(e){return`rgb(${e.join(",")})`}function Cr({shape:e,colour:t,size:n},r,s){let o=n/2,a=`fill="${on(t)}"`;switch(e){case"triangle":return`<path d="M${r} ${s-o}L${r+o} ${s+o}H${r-o}Z" ${a}/>`;case"square":return`<rect x="${r-.8*o}" y="${s-.8*o}" width="${.8*n}" height="${.8*n}" ${a}/>`;case"ring":return`<circle cx="${r}" cy="${s}" r="${o-1}" fill="none" stroke="${on(t)}" stroke-width="2.5"/>`}return`<circle cx="${r}" cy="${s}" r="${o}" ${a}/>`}function ns(e,t,n){let r=Math.max(1,Math.floor(t/kr)),s=[],o=12,a=i=>{i.forEach((c,u)=>{let p=`translate(${u%r*kr} ${o+Math.floor(u/r)*rn})`;s.push(`<g transform="${p}">${c}</g>`)}),o+=Math.ceil(i.length/r)*rn};if(e.colour&&e.painted?.range){let[i,c]=e.painted.range.map(p=>p.toPrecision(3)),u=e.painted.more?`${c} and more`:c;a([`<text>${Ve(U(e.colour,60).text)}: ${i} (dark) to ${u} (light)</text>`])}return a((e.colour?e.painted?.keys??[]:[]).map(i=>rs(i,n))),a(e.shapes.map(({shape:i,text:c})=>`${Cr({shape:i,colour:yr[i],size:11},5,-4)}<text x="16">${Ve(U(c,22).text)}</text>`)),{text:s.join(`
`),height:o>12?o+4:0}}function rs(e,t){let n=Ve(U(e.name,16).text),r=e.hatched?Mr(5,-4,5):$r(5,-4,5);return`<g fill="${on(e.colour)}">${r}</g><text x="16">${n} <tspan fill="${t}">${Z(e.count)}</tspan></text>`}function Ve(e){return e.replaceAll("&","&amp;").replaceAll("<","&lt;").replaceAll('"',"&quot;")}function Re(e,t){let[n,r]=w(-1),s=N(()=>[...e,...gr(n)],[e,n]),o=i=>{i!==n&&(r(i),t(i))};return{hovered:n,marks:s,hover:o,walk:i=>{let c=e.filter(({shape:d})=>d!=="ring").map(({id:d})=>d),u=c.indexOf(n),p=u<0?i>0?0:c.length-1:(u+i+c.length)%c.length;o(c[p]??-1)}}}var os=/\.(wav|mp3|ogg|oga|opus|flac|m4a)$/i,ss=/\.(png|jpe?g|gif|webp)$/i;function yt(e,t){let n={media:null,sound:null,text:null,facts:[]},r=Object.keys(e[0]??{}),s=16;for(let o of r){let a=e.map(u=>u[o]??"");if(a.every((u,p)=>u===t[p]))continue;let i=a.filter(u=>u!=="");if(n.media===null&&i.length>0&&i.every(u=>ss.test(u))){n.media=o;continue}if(n.sound===null&&i.length>0&&i.every(u=>os.test(u))){n.sound=o;continue}let c=i.reduce((u,p)=>u+p.length,0)/Math.max(1,i.length);c<16?n.facts.push(o):c>=s&&(s=c,n.text=o)}return n.facts.sort(),n}function Rr({c:e}){return l("p",{class:"legend",children:[l("span",{class:"mark-shared",children:[l(xt,{kind:"shared"})," in both lists"]}),l("span",{class:"mark-a",children:[l(xt,{kind:"a"})," only in ",e.a]}),l("span",{class:"mark-b",children:[l(xt,{kind:"b"})," only in ",e.b]})]})}function xt({kind:e}){return l("svg",{class:"shape",viewBox:"0 0 10 10","aria-hidden":"true",children:[e==="shared"&&l("circle",{cx:"5",cy:"5",r:"4"}),e==="a"&&l("path",{d:"M5 1 9.4 9H.6Z"}),e==="b"&&l("path",{d:"M1.2 1.2h7.6v7.6H1.2Z"})]})}function Lr({item:e,a:t,b:n,k:r}){return l(is,{items:[e],a:t,b:n,k:r})}function is({items:e,a:t,b:n,k:r}){let s=yt(e.map(o=>o.columns),e.map(o=>o.id));return l("ol",{class:"items",children:e.map(o=>l("li",{class:"item","data-id":o.id,children:[l("div",{class:"subject",children:l(ls,{item:o,dataset:t.dataset,shown:s,k:r})}),l("div",{class:"lists",children:[l(Le,{side:t,list:o.a??[],shown:s}),l(Le,{side:n,list:o.b??[],shown:s})]})]},o.id))})}function ls({item:e,dataset:t,shown:n,k:r}){return l(q,{children:[l(Tr,{dataset:t,row:e.row_a,columns:e.columns,shown:n}),l(Nr,{dataset:t,row:e.row_a,columns:e.columns,shown:n}),l("div",{children:[l("h3",{children:l(X,{of:e.id,limit:120})}),n.text&&l("p",{class:"text",children:l(qe,{text:e.columns[n.text]??"",limit:240})}),l(cs,{columns:e.columns,shown:n}),l("p",{class:"agreement",children:[l("b",{children:e.shared})," of ",r," shared, Jaccard ",oe(e.jaccard)]})]})]})}function cs({columns:e,shown:t}){let n=t.facts.filter(r=>e[r]).slice(0,4);return n.length===0?null:l("p",{class:"facts",children:n.map(r=>l("span",{children:[l(X,{of:r,limit:60})," ",l("b",{children:l(X,{of:e[r]??"",limit:60})})]},r))})}function us(e,t,n,r){let s=e&&n?Dt(e,t,n):sn,[o,a]=w(sn);return A(()=>{let i=!0;return s===null&&e&&n&&Ht(e,t,n).then(c=>i&&a(c),()=>i&&r("failed")),()=>{i=!1}},[s,e,t,n]),s??o}var sn="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";function Tr({dataset:e,row:t,columns:n,shown:r}){let[s,o]=w("plain"),a=us(n[r.media??""]?e:null,t,r.media,o);return!r.media||!e||!n[r.media]?null:s==="failed"?l("span",{class:"picture missing",title:`the picture ${n[r.media]} cannot be shown`,children:"?"}):l("img",{class:s==="tiny"?"picture tiny":"picture",src:a,alt:"",loading:"lazy",onLoad:i=>a!==sn&&i.currentTarget.naturalWidth<=32&&o("tiny"),onError:()=>o("failed")})}var Er=null;function Nr({dataset:e,row:t,columns:n,shown:r}){let[s,o]=w("still"),a=Q(null);A(()=>()=>a.current?.pause(),[]);let i=r.sound,c=n[i??""];if(!e||!i||!c)return null;let u=async()=>{if(s==="plays"){a.current?.pause();return}try{let p=Dt(e,t,i)??await Ht(e,t,i);Er?.pause();let d=new Audio(p);a.current=d,Er=d,d.onpause=()=>o("still"),d.onended=()=>o("still"),await d.play(),o("plays")}catch{o("failed")}};return s==="failed"?l("span",{class:"sound missing",role:"status",children:[c," cannot be played"]}):l("button",{type:"button",class:"sound","aria-label":`${s==="plays"?"Stop":"Play"} ${c}`,onClick:u,children:s==="plays"?"\u25A0":"\u25B6"})}function Le({side:e,list:t,shown:n}){let r=n.media!==null&&n.text===null;return l("div",{class:`neighbours side-${e.which}`,children:[l("h4",{children:l(X,{of:e.name})}),l("ol",{class:r?"tiles":"lines",children:t.map(s=>l(ps,{neighbour:s,side:e,shown:n},s.row))})]})}function ps({neighbour:e,side:t,shown:n}){let r=e.shared?"shared":t.which,s=e.shared?"in both lists":`only in ${t.name}`,o=n.text?e.columns[n.text]:void 0,a=n.facts[0];return l("li",{class:`neighbour mark-${r}`,title:`${e.id}, distance ${Qt(e.distance)}, ${s}`,children:[l(xt,{kind:r}),l("span",{class:"hidden",children:[s,": "]}),l(Tr,{dataset:t.dataset,row:e.row,columns:e.columns,shown:n}),l(Nr,{dataset:t.dataset,row:e.row,columns:e.columns,shown:n}),l("span",{class:"name",children:o?l(qe,{text:o,limit:110}):n.media&&a?l(X,{of:e.columns[a]??"",limit:110}):l(X,{of:e.id,limit:110})}),l("span",{class:"distance",children:Qt(e.distance)})]})}var Fr=32,ms=1498694486,vt=class{constructor(t){this.kind=t}kind;begun=new Map;take(t){if(t.byteLength<Fr)return null;let n=new DataView(t);if(n.getUint32(0,!0)!==ms||n.getUint8(4)!==1||n.getUint8(5)!==this.kind)return null;let r=n.getUint32(8,!0),s=n.getUint32(12,!0),o=n.getUint16(16,!0);o===0&&this.begun.set(r,{sequence:s,metaBytes:n.getUint32(20,!0),parts:[]});let a=this.begun.get(r);return a?.sequence!==s||a.parts.length!==o||(a.parts.push(new Uint8Array(t,Fr)),a.parts.length<n.getUint16(18,!0))?null:(this.begun.delete(r),{stream:r,metaBytes:a.metaBytes,body:ds(a.parts)})}},an=class{chunks=new vt(1);take(t){let n=this.chunks.take(t);return n&&fs(n)}};function Or({body:e,metaBytes:t}){return JSON.parse(new TextDecoder().decode(e.subarray(0,t)))}function ds(e){let t=new Uint8Array(e.reduce((r,s)=>r+s.length,0)),n=0;for(let r of e)t.set(r,n),n+=r.length;return t}function fs(e){let{stream:t,body:n,metaBytes:r}=e,s=Or(e),o=s.columns.map(({shape:[a=0,i=0],offset:c,low:u,high:p})=>{let d=new Uint16Array(n.buffer,r+c,a*i),f=new Float32Array(a*i);for(let m=0;m<i;m++){let g=u[m]??0,y=((p[m]??0)-g)/65535;for(let h=m;h<f.length;h+=i)f[h]=g+(d[h]??0)*y}return f});return{stream:t,meta:s,places:o}}var hs=4,gs=5e3,bs=1e4,ys=6e4,Je=class{constructor(t,n=hs,r=0){this.ways=t;this.tries=n;this.linger=r}ways;tries;linger;socket=null;opening=null;watchers=new Map;streams=new Map;answers=new vt(2);asked=new Map;last=0;tried=0;silence=0;rest=0;get isOpen(){return this.socket?.readyState===WebSocket.OPEN}ask(t,n,r){return new Promise((s,o)=>{let a=++this.last,i=JSON.stringify({t:"ask",number:a,method:t,path:n,body:r});if(!this.isOpen||i.length>ys){o(be);return}this.asked.set(a,{answer:s,lost:()=>o(be)}),this.socket?.send(i),this.expect()})}expect(){clearTimeout(this.silence),this.asked.size>0&&(this.silence=setTimeout(()=>this.close(),bs))}hear(t){let n=this.answers.take(t);if(n){let{status:r,type:s}=Or(n),o=r===204?null:n.body.subarray(n.metaBytes);this.asked.get(n.stream)?.answer(new Response(o,{status:r,headers:{"content-type":s}})),this.asked.delete(n.stream),this.idle()}}idle(){clearTimeout(this.rest);let t=()=>this.watchers.size===0&&this.asked.size===0&&this.close();this.linger>0?this.rest=setTimeout(t,this.linger):t()}watch(t,n){let r=this.watchers.get(t)??new Set;return this.watchers.set(t,r.add(n)),this.open().then(s=>s&&this.say("watch",t)),()=>{r.delete(n),r.size===0&&this.watchers.get(t)===r&&(this.watchers.delete(t),this.say("unwatch",t)),this.idle()}}open(){return this.opening??=this.dial(),this.opening}async dial(){for(let[t,n]of this.ways.entries()){let r=await n().catch(()=>null);if(r&&await this.connect(r))return!0;t===this.ways.length-1&&this.lose(!1)}return!1}connect({address:t,ticket:n,instance:r}){return new Promise(s=>{let o=new WebSocket(t,["vectory.v1",...n?[`ticket.${n}`]:[]]),a=new an,i=setTimeout(()=>o.close(),gs);o.binaryType="arraybuffer",o.onmessage=({data:c})=>{if(typeof c!="string"){this.draw(a.take(c)),this.hear(c),this.expect();return}this.expect();let u=JSON.parse(c);if(u.t==="welcome"){if(clearTimeout(i),r&&u.instance!==r){o.close();return}this.socket=o,this.tried=0,this.linger>0&&this.idle(),s(!0);return}this.streams.set(u.number,u.stream);for(let p of[...this.watchers.get(u.stream)??[]])p.event?.(u)},o.onclose=()=>{clearTimeout(i),s(!1),this.socket===o&&this.lose(!0)}})}lose(t){this.socket=null,this.opening=null;for(let{lost:n}of this.asked.values())n();this.asked.clear(),this.expect(),!(!t&&this.tried===0)&&(this.tried>=this.tries?this.giveUp():this.watchers.size>0&&setTimeout(()=>this.again(),500*2**this.tried++*(.75+Math.random()/2)))}giveUp(){this.tried=0;let t={code:"unavailable",message:be.message,hint:be.hint},n={t:"error",number:0,instance:"",version:"",job:null,layout:null,error:t};for(let[r,s]of[...this.watchers])for(let o of[...s])o.event?.({...n,t:"error",stream:r,error:t})}async again(){if(this.watchers.size>0&&await this.open())for(let t of this.watchers.keys())this.say("watch",t)}draw(t){let n=t&&this.streams.get(t.stream);if(n){for(let r of[...this.watchers.get(n)??[]])r.frame?.(t);requestAnimationFrame(()=>this.say("ack",n))}}say(t,n){this.isOpen&&this.socket?.send(JSON.stringify({t,stream:n}))}close(){this.socket?.close(),this.lose(!0)}},xs=async()=>{let e=new URL("api/v1/ws",document.baseURI);return e.protocol=e.protocol.replace("http","ws"),{address:e.href}},Ir=new Je([xs]);function _t(){return Ir}function Ur(e){Ir=e}async function Br(e,t){let n=r=>Promise.all(e.spaces.map(async(s,o)=>(await _.frame(r,o===0?"coords_a":"coords_b")).data));return zr(e,t,await _.layout(e),n)}async function jr(e,t,n){let r={timeline:e},s=await _.layout(r);if(!s.job&&s.layout?.id===t)return null;let o=await zr(r,n,s,async p=>vs(await _.frame(p,"coords")));if(!o)return null;let{columns:a,id:i,rows:c}=o.layout,u=a.includes("row_a")?(await _.frame(i,"row_a")).data:Int32Array.from({length:c},(p,d)=>d);return{...o,rows:u}}function vs({data:e,shape:[t=0,n=0]}){return Array.from({length:n/2},(r,s)=>{let o=new Float32Array(2*t);for(let a=0;a<t;a++)o[2*a]=e[a*n+2*s]??0,o[2*a+1]=e[a*n+2*s+1]??0;return o})}async function zr(e,t,n,r){let s=n;for(;s.job&&t.wanted();){let o=s.layout?.id??"",i=await _t().open()?await ks(o,s.job,t):await As(o,s.job,t,r);if(i.state==="failed"||i.state==="canceled")throw Dr(i.error??{code:"canceled",message:"the layout was canceled",hint:""});i.state==="done"&&(s=await _.layout(e))}return s.layout&&t.wanted()?{layout:s.layout,places:await r(s.layout.id)}:null}function Wr(e){return e.state==="queued"?"waits for other maps":e.stage}var _s=2e4;async function wt(e,t,n){return t>_s&&e.method!=="pca"&&!await ws(e)&&await Br({...e,method:"pca"},n).then(r=>r&&n.frame(r.places,r.layout.id),()=>{}),n.wanted()?Br(e,n):null}async function ws({spaces:e,method:t,dims:n=2}){let r=s=>s.state==="done"&&s.method===t&&s.dims===n&&s.spaces.join(`
`)===e.join(`
`);return(await _.layouts().catch(()=>[])).some(r)}function Dr(e){return new Y(e.code,e.message,e.hint)}function ks(e,t,n){return new Promise((r,s)=>{let o=[_t().watch(`layout:${e}`,{frame:({places:a})=>n.wanted()&&n.frame(a,e)}),_t().watch(`job:${t.id}`,{event:({job:a,error:i})=>{a&&n.progress(a.progress,Wr(a),a.id);let c=i?.code==="unavailable";if(i||a?.ended_at||!n.wanted()){for(let u of o)u();i&&!c?s(Dr(i)):r(a??t)}}})]})}async function As(e,t,n,r){let s=await _.layoutNow(e).catch(()=>null),o=s&&s.of>0?await r(s.id).catch(()=>null):null;o&&n.wanted()&&n.frame(o,e);let a=await _.job(t.id,1);return n.progress(a.progress,Wr(a),a.id),a}function fe(e,t=2){let n=new Float64Array(t).fill(Number.POSITIVE_INFINITY),r=new Float64Array(t).fill(Number.NEGATIVE_INFINITY);for(let o of e)for(let a=0;a<t;a++){let[i,c]=[n[a]??0,r[a]??0];for(let u=a;u<o.length;u+=t){let p=o[u]??0;i=Math.min(p,i),c=Math.max(p,c)}n[a]=i,r[a]=c}let s=n.reduce((o,a,i)=>Math.max(o,(r[i]??0)-a),1e-9)/.94;return e.map(o=>{let a=new Float32Array(o.length);for(let i=0;i<t;i++){let c=.5-((n[i]??0)+(r[i]??0))/2/s;for(let u=i;u<o.length;u+=t)a[u]=(o[u]??0)/s+c}return a})}var Hr=50;function kt({table:e,of:t,open:n}){let[r,s]=w(!1);return l("div",{class:"listing",children:[l("button",{type:"button",class:"link","aria-expanded":r,onClick:()=>s(!r),children:r?"Close the table":"The items as a table"}),r&&l(Ss,{table:e,of:t,open:n})]})}function Ss({table:e,of:t,open:n}){let[r,s]=w(Hr),{value:o,error:a}=F(e,[t]);if(a)return l(B,{error:a});if(!o)return l(te,{what:"the items"});let i=c=>typeof c=="number"&&!Number.isInteger(c)?c.toFixed(3):c;return l(q,{children:[l("div",{class:"scroll",children:l("table",{children:[l("thead",{children:l("tr",{children:[o.columns.map(({name:c})=>l("th",{scope:"col",children:l(X,{of:c,limit:40})},c)),l("th",{scope:"col",children:l("span",{class:"hidden",children:"What can be done"})})]})}),l("tbody",{children:Array.from({length:Math.min(r,o.rows)},(c,u)=>l("tr",{children:[o.columns.map(p=>l("td",{children:l(X,{of:String(i(p.value(u))),limit:80})},p.name)),l("td",{children:l("button",{type:"button",class:"link","aria-label":`Open item ${u+1} of the table`,onClick:()=>n(u),children:"Open"})})]},u))})]})}),o.rows>r&&l("button",{type:"button",onClick:()=>s(r+4*Hr),children:["Show more of ",G(o.rows,"item")," ",l("span",{class:"hidden",children:["(",Z(r)," are shown)"]})]})]})}var Ps=1800,At=300;function Gr({a:e,b:t,moved:n,band:r,selection:s}){let[o,a]=w(0),i=Q(0),c=()=>cancelAnimationFrame(i.current);A(()=>c,[]);let u=N(()=>$s(n,r,s),[n,r,s]),p=N(()=>o>0&&e&&t?ln(e,t,o):e,[e,t,o]),d=N(()=>o>0&&!Ye()?{ids:u,from:e}:{ids:[],from:null},[o>0,u,e]);return{t:o,set:g=>{c(),a(g)},play:()=>{let[g,y]=o<.5?[o,1]:[o,0];if(c(),Ye()){a(y);return}let h=performance.now(),x=b=>{let v=Math.min(1,Math.max(0,b-h)/Ps);a(g+(y-g)*v*v*(3-2*v)),v<1&&(i.current=requestAnimationFrame(x))};i.current=requestAnimationFrame(x)},places:p,trails:d,movers:u.length}}function Ye(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function ln(e,t,n){let r=new Float32Array(e.length);for(let s=0;s<e.length;s++){let o=e[s]??0;r[s]=o+((t[s]??o)-o)*n}return r}function $s(e,t,n){if(!e)return[];let r=c=>e[c]??0,s=c=>c.sort((u,p)=>r(p)-r(u)||u-p).slice(0,At),o=[],a=t,i=n.length||e.length;for(let c=0;c<i;c++){let u=n[c]??c;r(u)>a&&o.push(u),o.length>=8*At&&(o=s(o),a=r(o.at(-1)??0))}return s(o)}function Kr({a:e,b:t,morph:n}){return l("div",{class:"morph",children:[l("button",{type:"button",onClick:n.play,children:n.t<.5?`Morph ${e} into ${t}`:`Morph back to ${e}`}),l("input",{type:"range",min:"0",max:"100",value:Math.round(100*n.t),"aria-label":`The first map, from ${e} to ${t}`,"aria-valuetext":`${Math.round(100*n.t)} % of the way to ${t}`,onInput:r=>n.set(Number(r.currentTarget.value)/100)}),l("span",{class:"muted",children:n.movers===0?"no item moved farther than means something":`${n.t>0&&!Ye()?"trails of ":""}${n.movers===At?`the ${At} farthest movers`:G(n.movers,"mover")}`})]})}function qr(e,t=Number.POSITIVE_INFINITY){let n=[];for(let r=0;r<e.length&&n.length<=t;r++){let s=e[r]??0;for(;r+1<e.length&&e[r+1]===(e[r]??0)+1;)r++;n.push(e[r]===s?`${s}`:`${s}-${e[r]}`)}return n.join(",")}var Cs=5e6;function cn(e){let t=[];for(let n of e.split(",")){let[,r,s]=/^(\d{1,9})(?:-(\d{1,9}))?$/.exec(n)??[];if(r===void 0||t.length+Number(s??r)-Number(r)>Cs)return;for(let o=Number(r);o<=Number(s??r);o++)t.push(o)}return t}var Vr=[];function St(e){let t="space"in e?e.space:e.comparison,{value:n,again:r}=F(()=>_.selections(e).catch(()=>Vr),[t]);return{list:n??Vr,known:n!==null,again:r}}function Pt(e){return e.length>0?[{value:"=saved",text:"saved selections"}]:[]}function $t(e,t){let n=new Map,r=e.map((o,a)=>a).sort((o,a)=>(e[a]?.count??0)-(e[o]?.count??0));for(let o of r)for(let a of cn(e[o]?.rows??"")??[])n.set(a,o);return{values:[...e.map(({name:o})=>o),"in none of them"],codes:Uint32Array.from(t,o=>n.get(o)??e.length)}}function Mt({link:e,of:t,saved:{list:n,known:r,again:s},rows:o,select:a}){let[i,c]=H(e,"saved",""),u=n.find(({name:d})=>d===i);A(()=>{u&&o.length===0&&p(u)},[u?.id]);let p=d=>{a(cn(d.rows)??[]),Ie()&&c(d.name)};return!Ie()&&n.length===0?null:l("div",{class:"saved",children:[o.length>0&&Ie()&&l(Jr,{label:`Save ${o.length===1?"it":"them"} as`,act:"Save",send:({name:d,note:f})=>_.saveSelection({...t,name:d,note:f,rows:qr(o)}),done:({name:d})=>{s(),c(d)}},n.length),i!==""&&r&&!u&&l("p",{role:"status",children:["No selection called \u201C",i,"\u201D is kept here."]}),n.length>0&&l(q,{children:[l("h3",{children:"Saved selections"}),l("ul",{children:n.map(d=>l(Es,{one:d,shown:d===u,show:()=>p(d),again:s},d.id))})]})]})}function Es({one:e,shown:t,show:n,again:r}){let[s,o]=w(null),[a,i]=w(null),c=()=>_.removeSelection(e.id).then(r,u=>i(V(u)));return l("li",{children:[l("button",{type:"button",class:"link","aria-pressed":t,onClick:n,children:e.name})," ",l("span",{class:"muted",children:Z(e.count)}),e.note&&l("p",{class:"note",children:l(qe,{text:e.note,limit:300})}),Ie()&&s===null&&l("span",{class:"acts",children:[l("button",{type:"button",class:"link","aria-label":`Change ${e.name}`,onClick:()=>o("edit"),children:"Change"})," ",l("button",{type:"button",class:"link","aria-label":`Delete ${e.name}`,onClick:()=>o("delete"),children:"Delete"})]}),s==="delete"&&l("span",{role:"alertdialog","aria-label":`Delete ${e.name}?`,children:["Its name and note go for good; the items stay."," ",l("button",{type:"button",class:"danger",onClick:c,children:"Delete"})," ",l("button",{type:"button",onClick:()=>o(null),children:"Keep"})]}),s==="edit"&&l(Jr,{label:"Name",act:"Change",start:e,send:({name:u,note:p})=>_.changeSelection(e.id,{name:u,note:p}),done:()=>{o(null),r()},cancel:()=>o(null)}),a&&l(B,{error:a})]})}function Jr({label:e,act:t,start:n,send:r,done:s,cancel:o}){let[a,i]=w(n?.name??""),[c,u]=w(n?.note??""),[p,d]=w(null);return l("form",{class:"words",onSubmit:f=>{f.preventDefault(),d(null),r({name:a.trim(),note:c.trim()}).then(s,m=>d(V(m)))},children:[l("label",{children:[e," ",l("input",{value:a,required:!0,maxLength:200,onInput:f=>i(f.currentTarget.value)})]})," ",l("label",{children:["with a note ",l("textarea",{rows:1,value:c,onInput:f=>u(f.currentTarget.value)})]})," ",l("button",{type:"submit",children:t})," ",o&&l("button",{type:"button",onClick:o,children:"Cancel"}),p&&l(B,{error:p})]})}var Rs={around:.5,above:.35};function Ls(e,{around:t,above:n}){let r=new Float32Array(e.length/3*2),[s,o,a,i]=[Math.sin(t),Math.cos(t),Math.sin(n),Math.cos(n)],c=1/Math.sqrt(2);for(let u=0,p=0;u<e.length;u+=3,p+=2){let d=(e[u]??0)-.5,f=(e[u+1]??0)-.5,m=(e[u+2]??0)-.5;r[p]=.5+c*(d*o+m*s),r[p+1]=.5+c*(f*i+(d*s-m*o)*a)}return r}function Ct(e,t){let[n,r]=w(Rs);return{flat:N(()=>e.map(o=>o&&t===3?Ls(o,n):o),[...e,t,n]),turn:(o,a)=>r(i=>({around:i.around+o,above:Math.max(-Math.PI/2,Math.min(Math.PI/2,i.above+a))}))}}var Yr={"joint-umap":"together (joint UMAP)",umap:"each by itself (UMAP)",tsne:"each by itself (t-SNE)",pacmap:"each by itself (PaCMAP)",pca:"principal components"};function eo({c:e,link:t=null,kept:n=null}){let{method:r,choice:s}=dt(t,Yr,{kept:n?.methods,rows:e.rows}),o=ke(t,{colour:n?.colour??"",k:e.k,most:e.k,deep:!n}),{colour:a,only:i,k:c,dims:u,camera:p}=o,{map:d,rows:f,layout:m,progress:g,error:y}=js({c:e,method:r,dims:u,kept:n!==null}),{chosen:h,selection:x,...b}=xe(t,f?.a??null),v=F(()=>Promise.all([_.space(e.a),_.space(e.b)]),[e.a,e.b]),k=v.value?.[0].dataset??null,K=F(async()=>k?(await _.dataset(k)).columns:[],[k]),j=m?.null_band??0,M={comparison:e.key},C=St(M),R=Bs({c:e,rows:f,dataset:k,colour:a,only:i,selection:x,band:j,saved:C.list}),{item:E,opened:I}=Is(e,f,h),O=N(()=>br(E,f,h,c),[E,f,h,c]),{hovered:$,marks:L,hover:W,walk:he}=Re(O.a,b.hover),{flat:Ne,turn:Fe}=Ct([d?.a??null,d?.b??null],d?.dims??2),[ae=null,re=null]=Ne,ee=Gr({a:ae,b:re,moved:f?.moved??null,band:j,selection:x}),ge={tools:o,walk:he,turn:u===3?Fe:void 0,chosen:h,hover:W,marks:L,choose:b.choose,lasso:b.select,colours:R?.colours??null},ue=[...Ts,...Pt(C.list),...we(K.value)],hn=()=>Fs({c:e,rows:f,map:ae&&re&&{a:ae,b:re},dataset:k,selection:x}),gn=()=>({file:`${e.a} ${e.b}`,title:`${e.a} \u2194 ${e.b}: ${Yr[r]}, Jaccard ${oe(e.jaccard.mean)} at k = ${e.k}`,panels:[{side:"a",name:ee.t>0?`${e.a}, ${Math.round(100*ee.t)} % of the way to ${e.b}`:e.a},{side:"b",name:e.b}],painted:R,colour:ue.find(({value:Ze})=>Ze===a)?.text??"",shapes:E?[{shape:"circle",text:`of ${U(E.id,80).text} in both`},{shape:"triangle",text:`only in ${e.a}`},{shape:"square",text:`only in ${e.b}`}]:[]});return l("div",{class:"maps",children:[l(Ae,{tools:o,colours:ue,dataset:k,says:b,children:s}),l("div",{class:"pair-of-plots",children:[l(de,{name:e.a,side:"a",places:ee.places,trails:ee.trails,...ge}),l(de,{name:e.b,side:"b",places:re,...ge})]}),m&&f&&l(Kr,{a:e.a,b:e.b,morph:ee}),l("p",{id:"map-help",class:"muted help",children:"Click an item: its neighbours in both spaces. Drag to move, wheel to zoom (click a map first), Shift and drag for a lasso; keys: arrows, + \u2212 0, L for the lasso, B for the other map, ? for all of them, Esc."}),y&&l(B,{error:y}),I.error&&l(B,{error:I.error,again:I.again}),g&&l(Pe,{...g}),R&&l($e,{painted:R,only:i,setOnly:o.setOnly}),l("p",{class:"status","aria-live":"polite",children:Ns({rows:f,chosen:h,hovered:$,selection:x,item:E,k:c})}),m&&l(ft,{layout:m}),l(Se,{count:x.length,clear:()=>b.select([])}),f&&l(Mt,{link:t,of:M,saved:C,rows:b.rows,select:b.selectRows}),m&&f&&l(Ce,{figure:gn,table:hn,rows:x.length||f.a.length}),f&&l(kt,{table:hn,of:`${m?.id} ${x.length} ${x[0]} ${x.at(-1)}`,open:Ze=>b.choose(x.length>0?x[Ze]??-1:Ze)}),m&&l(Ee,{link:t,figure:gn,looked:[ae,ee.t,R,O,p]}),E&&v.value&&l("div",{class:"chosen",children:[l(Rr,{c:e}),l(Lr,{item:ht(E,c),a:Zr(e.a,"a",v.value[0].dataset),b:Zr(e.b,"b",v.value[1].dataset),k:c})]}),!d&&!g&&!y&&l(te,{what:"the maps"})]})}function Zr(e,t,n){return{name:e,which:t,dataset:n}}var Ts=[{value:"=jaccard",text:"agreement (Jaccard)"},{value:"=moved",text:"how far it moved"},{value:"=gained",text:"neighbour of more or fewer items in B"},{value:"=trust",text:"how far the maps can be trusted there"}];function Ns({rows:e,chosen:t,hovered:n,selection:r,item:s,k:o}){if(!e)return"";if(s&&t>=0){let a=ht(s,o);return`${U(s.id,80).text}: ${a.shared} of ${o} neighbours shared, Jaccard ${oe(a.jaccard)}`}return n>=0?`row ${e.a[n]}`:r.length>0?"":`${G(e.a.length,"item")} on both maps`}async function Fs({c:e,rows:t,map:n,dataset:r,selection:s}){let o=s.length>0?s:Array.from(t.a,(d,f)=>f),a=(d,f,m=1,g=0)=>d?.[m*(o[f]??0)+g]??"",i=await to(e),c=d=>{let f=i[d]??Number.NaN;return Number.isNaN(f)?"":f};return{columns:[...await bt(r,Int32Array.from(o,d=>t.a[d]??-1)),{name:"row_a",value:d=>a(t.a,d)},{name:"row_b",value:d=>a(t.b,d)},{name:"jaccard",value:d=>c(t.a[o[d]??0]??-1)},{name:"moved",value:d=>a(t.moved,d)},{name:"x_a",value:d=>a(n?.a,d,2)},{name:"y_a",value:d=>a(n?.a,d,2,1)},{name:"x_b",value:d=>a(n?.b,d,2)},{name:"y_b",value:d=>a(n?.b,d,2,1)}],rows:o.length}}function to(e){return no(e,["jaccard"],([t])=>t??Number.NaN)}function Os(e){return no(e,["occurrences_a","occurrences_b"],([t=0,n=0])=>n-t)}async function no(e,t,n){let[r,...s]=await Promise.all(["row_a",...t].map(i=>_.values(e.key,i)));if(!r)return new Float32Array(0);let o=-1;for(let i of r.data)o=Math.max(o,i);let a=new Float32Array(o+1).fill(Number.NaN);for(let i=0;i<r.data.length;i++)a[r.data[i]??0]=n(s.map(({data:c})=>c[i]??Number.NaN));return a}function Is(e,t,n){let r=n>=0?t?.a[n]??-1:-1,s=F(async()=>r<0?null:{row:r,item:await _.item(e.key,r).catch(Us)},[e.key,r]);return{item:s.value?.row===r?s.value.item??null:null,opened:s}}function Us(e){if(V(e).code==="unavailable")throw e}function Bs({c:e,rows:t,dataset:n,colour:r,only:s,selection:o,band:a,saved:i}){let c=F(async()=>{if(r==="=jaccard")return{colour:r,numbers:await to(e)};if(r==="=gained")return{colour:r,numbers:await Os(e)};let u=r!==""&&!r.startsWith("=")&&n;return{colour:r,column:u?await _.column(n,r):null}},[e.key,n,r]).value;return N(()=>{if(!t)return null;let u=c?.colour===r?c:null,p=lt(t.a.length);if(r==="=moved"&&t.moved.length>0)p=zn(t.moved,a);else if(r==="=trust"&&t.trust)p=We(t.trust);else if(r==="=saved"){let{codes:d,values:f}=$t(i,t.a);p=ze(d,f,new Set(s))}else if(u?.numbers){let d=Float32Array.from(t.a,f=>u.numbers[f]??Number.NaN);p=r==="=gained"?Wn(d):We(d)}else u?.column&&(p=it(u.column,t.a,new Set(s)));return De(p,o)},[t,c,r,s,o,a,i])}function js({c:e,method:t,dims:n,kept:r}){let s={map:null,rows:null,layout:null,progress:null,error:null},[o,a]=w(s);return A(()=>{let i=!0,c=u=>i&&a(p=>({...p,...u}));return a(s),zs({c:e,method:t,dims:n,kept:r},()=>i,c).catch(u=>c({error:V(u),progress:null})),()=>{i=!1}},[e.key,t,n]),o}async function zs({c:e,method:t,dims:n,kept:r},s,o){let a={spaces:[e.a,e.b],method:t,...n===2?{}:{dims:n},...e.metric_a===e.metric_b?{metric:e.metric_a}:{}},[i,c]=["",!1],u=await wt(a,r?0:e.rows,{wanted:s,progress:(h,x,b)=>o({progress:{share:h,stage:x,job:b}}),frame:(h,x)=>{o({map:Qr(h,n)}),i===""&&(i=x,Xr(x).then(([b,v])=>c||o({rows:{a:b,b:v,moved:new Float32Array(0),trust:null}}),()=>{}))}});if(c=!0,!u)return;let{layout:p,places:d}=u;o({map:Qr(d,n)});let[[f,m],g]=await Promise.all([Xr(p.id),_.frame(p.id,"displacement")]),y=await Ws(p);o({rows:{a:f,b:m,moved:g.data,trust:y},layout:p,progress:null})}async function Xr(e){let[t,n]=await Promise.all(["row_a","row_b"].map(r=>_.frame(e,r)));return[t?.data,n?.data]}async function Ws(e){let[t,n]=await Promise.all(["local_trust_a","local_trust_b"].map(r=>_.frame(e.id,r)));return Float32Array.from(t?.data??[],(r,s)=>Math.min(r,n?.data[s]??r))}function Qr(e,t){let[n,r]=fe(e,t);return n&&r?{a:n,b:r,dims:t}:null}var ro={umap:"UMAP",tsne:"t-SNE",pacmap:"PaCMAP",pca:"principal components"},un=50;function so({space:e,link:t=null,kept:n=null}){let r=F(()=>_.space(e),[e]),{method:s,choice:o}=dt(t,ro,{kept:n?.methods,rows:r.value?.rows??0}),a=ke(t,{colour:n?.colour??"",k:10,most:un,deep:!n}),{colour:i,only:c,k:u,dims:p,camera:d}=a,{laid:f,layout:m,progress:g,error:y}=Gs(e,n?1:r.value?.rows??0,s,p),{flat:h,turn:x}=Ct([f?.places??null],f?.dims??2),b=h[0]??null,v=r.value?.dataset??null,k=F(async()=>v?(await _.dataset(v)).columns:[],[v]),K=b?b.length/2:0,j=N(()=>Int32Array.from({length:K},(re,ee)=>ee),[K]),{chosen:M,selection:C,...R}=xe(t,K>0?j:null),E={space:e},I=St(E),O=dn({dataset:v,colour:i,rows:j,only:c,selection:C,saved:I.list}),$=F(async()=>M<0?null:await mn(e,v,M,u),[e,v,M,u]),L=$.value&&$.value.row===M?$.value:null,W=N(()=>gt(L?.list??[],M),[L,M]),{marks:he,hover:Ne,walk:Fe}=Re(W,R.hover),ae=()=>({file:e,title:`${e}: ${ro[s]}`,panels:[{side:"a",name:L?`${G(L.list.length,"neighbour")} of ${U(L.id,80).text}`:""}],painted:O,colour:i==="=saved"?"saved selections":i,shapes:L?[{shape:"circle",text:`neighbours of ${U(L.id,80).text}`}]:[]});return l("div",{class:"maps",children:[l(Ae,{tools:a,colours:[...Pt(I.list),...we(k.value)],dataset:v,says:R,children:o}),l("div",{class:"one",children:[l(de,{name:e,side:"a",places:b,colours:O.colours,tools:a,walk:Fe,turn:p===3?x:void 0,chosen:M,hover:Ne,marks:he,choose:R.choose,lasso:R.select}),l("div",{class:"beside",children:[l($e,{painted:O,only:c,setOnly:a.setOnly}),l("p",{class:"status","aria-live":"polite",children:L?`${U(L.id,80).text}: ${G(L.list.length,"neighbour")}`:K>0&&G(K,"item")}),$.error&&l(B,{error:$.error,again:$.again}),L&&l("div",{class:"chosen",children:l(Le,{side:{name:`Neighbours of ${L.id}`,which:"a",dataset:v},list:L.list,shown:pn(L.list)})})]})]}),l("p",{id:"map-help",class:"muted help",children:"Click an item: its neighbours. Drag to move, wheel to zoom (click the map first), Shift and drag for a lasso; keys: arrows, + \u2212 0, L for the lasso, ? for all of them, Esc."}),(y??r.error)&&l(B,{error:y??r.error}),g&&l(Pe,{...g}),m&&l(ft,{layout:m}),l(Se,{count:C.length,clear:()=>R.select([])}),K>0&&l(Mt,{link:t,of:E,saved:I,rows:R.rows,select:R.selectRows}),m?.state==="done"&&l(Ce,{figure:ae,table:()=>Et(v,j,C,b),rows:C.length||K}),m?.state==="done"&&l(Ee,{link:t,figure:ae,looked:[b,O,W,d]}),m?.state==="done"&&l(kt,{table:()=>Et(v,j,C,b),of:`${m.id} ${C.length} ${C[0]} ${C.at(-1)}`,open:re=>R.choose(C.length>0?C[re]??-1:re)}),!b&&!g&&!y&&l(te,{what:"the map"})]})}function pn(e){return yt(e.map(t=>t.columns),e.map(t=>t.id))}async function mn(e,t,n,r){let s=await _.neighbours(e,n,r);return{row:n,id:s.id??String(n),list:await Ds(t,s.neighbours)}}function Ds(e,t){return Promise.all(t.map(async n=>{let r=e?await _.row(e,n.row):null,s=Object.fromEntries((r?.columns??[]).map((o,a)=>[o,r?.rows[0]?.[a]??""]));return{...n,shared:!0,columns:s}}))}async function Et(e,t,n,r){let s=n.length>0?Int32Array.from(n):t;return{columns:[...await bt(e,s),{name:"row",value:a=>s[a]??""},{name:"x",value:a=>r?.[2*(s[a]??0)]??""},{name:"y",value:a=>r?.[2*(s[a]??0)+1]??""}],rows:s.length}}var Hs=[];function dn({dataset:e,colour:t,rows:n,only:r,selection:s,saved:o=Hs}){let a=F(async()=>e&&t&&!t.startsWith("=")?await _.column(e,t):null,[e,t]).value;return N(()=>{if(t==="=saved"){let{codes:c,values:u}=$t(o,n);return De(ze(c,u,new Set(r)),s)}let i=a&&a.column===t;return De(i?it(a,n,new Set(r)):lt(n.length),s)},[a,t,n,r,s,o])}function Gs(e,t,n,r){let s={laid:null,layout:null,progress:null,error:null},[o,a]=w(s);return A(()=>{let i=!0,c=u=>i&&a(p=>({...p,...u}));if(a(s),t!==0)return wt({spaces:[e],method:n,...r===2?{}:{dims:r}},t,{wanted:()=>i,progress:(u,p,d)=>c({progress:{share:u,stage:p,job:d}}),frame:u=>c({laid:oo(u,r)})}).then(u=>u&&c({laid:oo(u.places,r),layout:u.layout,progress:null}),u=>c({error:V(u),progress:null})),()=>{i=!1}},[e,t,n,r]),o}function oo(e,t){let[n]=fe(e,t);return n?{places:n,dims:t}:null}var Rt=null,Ks=900;function ao({experiment:e,link:t=null}){let n=ke(t,{k:10,most:un,deep:!1}),{colour:r,only:s,k:o,camera:a}=n,[i,c]=H(t,"step",Rt),[u]=H(t,"reference",""),{frames:p,rows:d,layout:f,progress:m,error:g}=Qs(e),y=f?.steps??[],h=p.length-1,x=i===Rt?-1:y.indexOf(i),b=x<0?h:Math.min(x,h),v=ue=>c(ue>=h?Rt:y[ue]??Rt),k=Js(b,h,v),K=Vs(p,b),j=f?.spaces[b]??"",M=F(async()=>j?(await _.space(j)).dataset:null,[j]).value,C=F(async()=>M?(await _.dataset(M)).columns:[],[M]),{chosen:R,selection:E,...I}=xe(t,d),O=dn({dataset:M,colour:r,rows:d??qs,only:s,selection:E}),$=R<0?-1:d?.[R]??-1,L=F(async()=>$<0||!j?null:{space:j,...await mn(j,M,$,o)},[j,M,$,o]),W=L.value?.row===$&&L.value.space===j?L.value:null,he=N(()=>gt(W?.list??[],R),[W,R]),{marks:Ne,hover:Fe,walk:ae}=Re(he,I.hover),re=Ys(f,u,10),ee=()=>({file:`${e} step ${y[b]??b}`,title:`${e}, step ${y[b]??b}`,panels:[{side:"a",name:W?`${G(W.list.length,"neighbour")} of ${U(W.id,80).text}`:""}],painted:O,colour:r,shapes:W?[{shape:"circle",text:`neighbours of ${U(W.id,80).text}`}]:[]}),ge=p.length>0&&f;return l("div",{class:"maps",children:[l(Ae,{tools:n,colours:we(C.value),dataset:M,says:I}),ge&&l("div",{class:"scrub",children:[l("button",{type:"button",onClick:k.toggle,disabled:h<1,children:k.on?"Stop":"Play"}),l("input",{type:"range",min:"0",max:Math.max(h,0),step:"1",value:b,disabled:h<1,"aria-label":`Steps of ${e}`,"aria-valuetext":`step ${y[b]??b}`,onInput:ue=>{k.stop(),v(Number(ue.currentTarget.value))}}),l("output",{children:["step ",Z(y[b]??b),b===h&&", the newest"]})]}),ge&&h>0&&l(Zs,{steps:y,lines:re,at:b,goTo:v}),l("div",{class:"one",children:[l(de,{name:j,side:"a",places:K,colours:O.colours,tools:n,walk:ae,chosen:R,hover:Fe,marks:Ne,choose:I.choose,lasso:I.select}),l("div",{class:"beside",children:[l($e,{painted:O,only:s,setOnly:n.setOnly}),l("p",{class:"status","aria-live":"polite",children:W?`${U(W.id,80).text} at step ${y[b]??b}: ${G(W.list.length,"neighbour")}`:d&&`${G(d.length,"item")}, ${G(p.length,"step")}`}),L.error&&l(B,{error:L.error,again:L.again}),W&&l("div",{class:"chosen",children:l(Le,{side:{name:`Neighbours of ${W.id}`,which:"a",dataset:M},list:W.list,shown:pn(W.list)})})]})]}),l("p",{id:"map-help",class:"muted help",children:"Every step begins where the one before it ended and is held to it where neighbours stayed: what moves really changed. Click an item: its neighbours at this step. Drag to move, wheel to zoom (click the map first), Shift and drag for a lasso; keys: arrows, + \u2212 0, L for the lasso, ? for all of them, Esc."}),g&&l(B,{error:g}),m&&l(Pe,{...m}),l(Se,{count:E.length,clear:()=>I.select([])}),f?.state==="done"&&d&&l(q,{children:[l(Ce,{figure:ee,table:()=>Et(M,d,E,K),rows:E.length||d.length}),l(Ee,{link:t,figure:ee,looked:[K,O,he,a]})]}),!ge&&!m&&!g&&l(te,{what:"the map"})]})}var qs=new Int32Array;function Vs(e,t){let[n,r]=w(t),s=Q(t);return A(()=>{let o=s.current;if(Ye()||o<0||Math.abs(t-o)<1e-6){s.current=t,r(t);return}let a=performance.now(),i=u=>{let p=Math.min(1,Math.max(0,u-a)/500);s.current=p<1?o+(t-o)*p*p*(3-2*p):t,r(s.current),p<1&&(c=requestAnimationFrame(i))},c=requestAnimationFrame(i);return()=>cancelAnimationFrame(c)},[t]),N(()=>{let o=e[Math.floor(n)]??e.at(-1)??null,a=e[Math.ceil(n)];return o&&a&&n%1>0?ln(o,a,n%1):o},[e,n])}function Js(e,t,n){let[r,s]=w(!1);return A(()=>{if(!r)return;let a=setTimeout(()=>e<t?n(e+1):s(!1),Ks);return()=>clearTimeout(a)},[r,e,t]),{on:r,toggle:()=>{!r&&e>=t&&n(0),s(!r)},stop:()=>s(!1)}}function Ys(e,t,n){let[r,s]=w({}),o=e?.spaces??[];A(()=>{let i=!0;return(async()=>{for(let u of t?o:[])if(i&&r[`${t}
${u}`]===void 0){let{jaccard:p}=await Dn(t,u,n);s(d=>({...d,[`${t}
${u}`]:p.mean}))}})().catch(()=>{}),()=>{i=!1}},[t,o.join(`
`)]);let a=[{name:"the step before",values:[null,...(e?.moves??[]).map(i=>i.jaccard)]}];return t&&a.push({name:t,values:o.map(i=>r[`${t}
${i}`]??null)}),a}var Te=600,Lt=90;function Zs({steps:e,lines:t,at:n,goTo:r}){let s=i=>8+i*(Te-16)/Math.max(1,e.length-1),o=i=>Lt-6-i*(Lt-12),a=t.map(({name:i,values:c})=>{let u=c[n];return u==null?"":`${oe(u)} with ${i}`}).filter(Boolean).join(", ");return l("figure",{class:"agreement",children:[l("figcaption",{class:"muted",children:["Agreement of the neighbours (Jaccard at 10)",a&&`: ${a}`]}),l("svg",{viewBox:`0 0 ${Te} ${Lt}`,role:"img","aria-label":`Agreement along ${G(e.length,"step")}. ${a}`,onClick:i=>{let c=i.currentTarget.getBoundingClientRect(),u=(i.clientX-c.left)*Te/c.width;r(Math.round((u-8)/(Te-16)*(e.length-1)))},children:[l("line",{class:"grid",x1:"0",x2:Te,y1:o(0),y2:o(0)}),l("line",{class:"grid",x1:"0",x2:Te,y1:o(1),y2:o(1)}),l("line",{class:"now",x1:s(n),x2:s(n),y1:"0",y2:Lt}),t.map(({name:i,values:c},u)=>l("g",{class:u===0?"with-before":"with-reference",children:[l("polyline",{points:c.flatMap((p,d)=>p===null?[]:[`${s(d).toFixed(1)},${o(p).toFixed(1)}`]).join(" ")}),c.map((p,d)=>p!==null&&l("circle",{cx:s(d),cy:o(p),r:d===n?4:2.5,children:l("title",{children:`step ${e[d]}: ${oe(p)} with ${i}`})},e[d]))]},i))]})]})}var Xs=4e3;function Qs(e){let t={frames:[],rows:null,layout:null,progress:null,error:null},[n,r]=w(t);return A(()=>{let s=!0,o=0,a="",i=p=>s&&r(d=>({...d,...p}));r(t);let c=async()=>{let p=await jr(e,a,{wanted:()=>s,progress:(d,f,m)=>i({progress:{share:d,stage:f,job:m}}),frame:d=>a===""&&i({frames:fe(d)})});p&&(a=p.layout.id,i({layout:p.layout,frames:fe(p.places),rows:p.rows,progress:null,error:null}))},u=()=>{(document.hidden?Promise.resolve():c()).catch(d=>i({error:V(d),progress:null})).then(()=>{o=window.setTimeout(()=>s&&u(),Xs)})};return u(),()=>{s=!1,clearTimeout(o)}},[e]),n}var Sc={render:ea};function ea({model:e,el:t}){let n=t.shadowRoot??t.attachShadow({mode:"open"}),r=document.createElement("style"),s=document.createElement("div");s.className="vectory",r.textContent=da(Fn),n.replaceChildren(r,s),t.setAttribute("data-lm-suppress-shortcuts","true");let o=fa(t),a=la(e),i=ma(t,String(e.get("still"))),c=ua(a,u=>{s.dataset.carrier=u});return jt(l(ta,{link:sa(e)}),s),()=>{jt(null,s),c.close(),a.close(),o(),i()}}function ta({link:e}){let[t]=H(e,"spaces",[]),[n]=H(e,"height",460),[r]=H(e,"timeline",""),[s,...o]=t;return l("div",{style:`--map-height: ${n}px`,children:r?l(ao,{experiment:r,link:e}):s&&o.length===0?l(so,{space:s,link:e}):l(na,{link:e})})}function na({link:e}){let[t]=H(e,"comparison",""),[n]=H(e,"k",10),r=F(()=>ra(t,n),[t,n]);return r.error?l(B,{error:r.error,again:r.again}):r.value?l(eo,{c:r.value,link:e}):l(te,{what:"the comparison"})}async function ra(e,t){let n=await _.comparison(e);return t<=n.k?n:Hn(n,{k:t})}var oa=2e6,io=new Set(["spaces","comparison","timeline","reference","step","k","colour","height","hovered"]);function sa(e){let t=(r,s)=>{e.set(r,s),e.save_changes()},n=()=>e.get("selection");return{get:r=>r==="item"?n().length===1?n()[0]:-1:r==="selection"?n().length===1?[]:n():io.has(r)?e.get(r):void 0,set:(r,s)=>{r==="item"?t("selection",s<0?[]:[s]):(r==="selection"||io.has(r))&&t(r,s)},on:(r,s)=>{let o=`change:${r==="item"?"selection":r}`;return e.on(o,s),()=>e.off(o,s)},keep:async r=>{r.size<oa&&e.send({still:!0},void 0,[await r.arrayBuffer()])}}}var aa=3e4,ia=0;function la(e){let t=`${Date.now().toString(36)}-${ia++}`,n=new Map,r=0,s=(a,i)=>{n.get(a.id)?.(a,i[0]??new ArrayBuffer(0)),n.delete(a.id)};e.on("msg:custom",s);let o=a=>new Promise((i,c)=>{let u=`${t}-${r++}`,p=setTimeout(()=>{n.delete(u),c(new Y("unavailable","The kernel does not answer.","Run the cell again."))},aa);n.set(u,({status:d,headers:f},m)=>{clearTimeout(p),i(new Response(d===204?null:m,{status:d,headers:f}))}),e.send({id:u,...a})});return{carrier:(a,i,c)=>o({method:a,path:i,body:c??null}),invite:async a=>{let i=await o({invite:{origin:location.origin,host:a}});if(!i.ok)throw new Y("unavailable","the kernel has no ticket");return i.json()},close:()=>e.off("msg:custom",s)}}var ca=6e4,lo=3;function ua(e,t){let n=new Je(pa(e),0,ca),r=0,s=!1,o=async()=>{!s&&r<lo&&(s=!0,r+=await n.open()?0:1,s=!1)};return Tn(async(a,i,c)=>{if(n.isOpen)try{let u=await n.ask(a,i,c);return t("socket"),u}catch{r++}else o();return t("kernel"),e.carrier(a,i,c)}),Ur({open:async()=>n.isOpen,watch:(a,i)=>n.watch(a,i)}),{close:()=>{r=lo,n.close()}}}function pa(e){let{protocol:t,host:n,hostname:r}=location;return t.startsWith("http")?[async()=>{if(!["127.0.0.1","localhost","[::1]"].includes(r))return null;let{ticket:a,instance:i,host:c}=await e.invite("");return{address:`ws://${c}/api/v1/ws`,ticket:a,instance:i}},async()=>{let a=JSON.parse(document.getElementById("jupyter-config-data")?.textContent??"{}");if(typeof a.baseUrl!="string")return null;let{ticket:i,instance:c,port:u}=await e.invite(n);return{address:`${t.replace("http","ws")}//${n}${a.baseUrl}proxy/${u}/api/v1/ws`,ticket:i,instance:c}}]:[]}function ma(e,t){let n=new Set,r=()=>e.closest(".jp-OutputArea"),s=()=>{for(let c of r()?.querySelectorAll(`img[src^="${fn}"]`)??[]){let u=c.closest(".jp-OutputArea-child"),p=atob(c.src.slice(fn.length,fn.length+200));u&&p.includes(t)&&(u.style.display="none",n.add(u))}},o=new MutationObserver(s),a=()=>{let c=r();c&&(s(),o.observe(c,{childList:!0,subtree:!0}))},i=new ResizeObserver(()=>{e.isConnected&&(i.disconnect(),a())});return i.observe(e),()=>{i.disconnect(),o.disconnect();for(let c of n)c.style.display=""}}var fn="data:image/png;base64,";function da(e){let t=/prefers-color-scheme:\s*dark\)\s*\{\s*:root\s*\{([^}]*)\}/.exec(e)?.[1]??"",n=/:root\s*\{([^}]*)\}/.exec(e)?.[1]??"";return`${e.replaceAll(":root",":host").replace(/(^|\})\s*body\s*\{/,"$1.vectory{")}
:host([data-theme="light"]){${n};color-scheme:light}
:host([data-theme="dark"]){${n};${t};color-scheme:dark}
.vectory{background:none}.maps{border:0;padding:4px;box-shadow:none;background:none}
canvas.points{aspect-ratio:auto;height:var(--map-height,460px)}`}function fa(e){let t=()=>{let r=document.body?.getAttribute("data-jp-theme-light"),s=document.body?.getAttribute("data-vscode-theme-kind"),o=r?r==="true"?"light":"dark":s?s.includes("light")?"light":"dark":null;Bn(o),o&&e.setAttribute("data-theme",o)};t();let n=new MutationObserver(t);return n.observe(document.body,{attributes:!0}),()=>n.disconnect()}export{Sc as default};
