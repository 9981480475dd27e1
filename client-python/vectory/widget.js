var v,mt,ir,G,Te,be,ft,fe,ht,$e,Ie,lr,oe=Symbol.for("pv"),ye={},xe=[],cr=/^m(i|n|o|s|text|space)$/,Fe=Array.isArray,_t=xe.slice,Z=Object.assign;function X(e){e&&e.parentNode&&e.remove()}function he(e,t,r,n,o){var a={type:e,props:t,key:r,ref:n,__k:null,__:null,__b:0,__e:null,__c:null,constructor:oe,__v:o||++mt,__i:-1,__u:0};return!o&&v.vnode&&v.vnode(a),a}function F(e){return e.children}function _e(e,t){this.props=e,this.context=t,this.__g=0}function K(e,t){if(t==null)return e.__&&K(e.__,e.__i+1);for(var r;t<e.__k.length;t++)if((r=e.__k[t])&&r.__e)return r.__e;return typeof e.type!="function"||e.props.__P?null:K(e)}function ur(e){var t,r=e.__v,n=r.__e,o=[],a=[],s=e.__P;s&&((t=Z({constructor:oe},r)).__v=r.__v+1,v.vnode&&v.vnode(t),ze(s,t,r,e.__n,s.namespaceURI,32&r.__u?[n]:null,o,n||K(r),32&r.__u,a),t.__v=r.__v,t.__.__k[t.__i]=t,wt(o,t,a),r.__=r.__e=null,t.__e!=n&&gt(t))}function gt(e){if((e=e.__)&&e.__c&&!e.props.__P)return e.__e=null,e.__k.some(function(t){return t&&(e.__e=t.__e)}),gt(e)}function pt(e){(8&e.__g||(e.__g|=8,G.push(e),be++))&&Te==v.debounceRendering||((Te=v.debounceRendering)||queueMicrotask)(bt)}function bt(){try{for(var e,t=1;G.length;)G.length>t&&G.sort(ft),e=G.shift(),t=G.length,8&e.__g&&ur(e)}finally{(be=G.length)&&(Te||queueMicrotask)(bt)}}function yt(e,t,r,n,o,a,s,i,u,d,p){var f,m,l,h,x,b,w=n.__k||xe,_=t.length;for(u=pr(r,t,w,u,_),f=0;f<_;f++)(l=r.__k[f])!=null&&(m=~l.__i&&w[l.__i]||ye,l.__i=f,b=ze(e,l,m,o,a,s,i,u,d,p),h=l.__e,(m.ref!=l.ref||8&m.__u)&&(m.ref&&je(m.ref,null,l,m),l.ref&&p.push(l.ref,l.__c||h,l)),x=x||h,4&l.__u?(u=xt(l,u,e,!m.__v),m.__e&&(m.__e=null)):typeof l.type=="function"&&b!==void 0?u=b:h&&(u=h.nextSibling),l.__u&=-21);return r.__e=x,u}function pr(e,t,r,n,o){var a,s,i,u,d,p,f,m,l,h=r.length,x=h,b=0,w=0,_=e.__k=Array(o);for(a=0;a<o;a++)(s=t[a])!=null&&typeof s!="boolean"&&typeof s!="function"?(typeof s!="object"||s.constructor===String?s=_[a]=he(null,s):Fe(s)?s=_[a]=he(F,{children:s}):s.constructor===oe&&s.__b?s=_[a]=he(s.type,s.props,s.key,s.ref,s.__v):_[a]=s,u=a+b,s.__=e,s.__b=e.__b+1,i=null,~(d=s.__i=dr(s,r,u,x))&&(x--,(i=r[d])&&(i.__u|=2)),i&&i.__v?(s.__u|=16,d==u-1?b--:d==u+1?b++:d!=u&&(d>u?b--:b++,w=1)):(~d||(o>h?b--:o<h&&b++),typeof s.type!="function"&&(s.__u|=4))):_[a]=null;if(w){for(p=[],f=[],a=0;a<o;a++)if((s=_[a])&&16&s.__u){for(b=0,m=p.length;b<m;)p[l=b+m>>1]<s.__i?b=l+1:m=l;p[b]=s.__i,f[a]=b+1}for(b=p.length;a--;)f[a]&&(f[a]==b?b--:_[a].__u|=4)}if(x)for(a=0;a<h;a++)!(i=r[a])||2&i.__u||(i.__e==n&&(n=K(i)),Be(i,i));return n}function xt(e,t,r,n){var o,a,s,i;if(typeof e.type=="function"){if(e.props.__P)return t;if(o=e.__k)for(a=0;a<o.length;a++)o[a]&&(o[a].__=e,t=xt(o[a],t,r,!1));return t}for(t&&!t.parentNode&&(t=K(e))&&!t.parentNode&&(t=null),s=e.__e,i=t;i&&i.nodeType==8;)i=i.nextSibling;for(s!=i&&(!n&&r.moveBefore&&s.parentNode?r.moveBefore(s,t):r.insertBefore(s,t||null)),t=s;(t=t&&t.nextSibling)&&t.nodeType==8&&!t.data.startsWith("$s"););return t}function dr(e,t,r,n){var o,a=e.key,s=e.type,i=t[r],u=i&&!(2&i.__u);if(i===null&&a==null||u&&a==i.key&&s==i.type)return r;if(n>(u?1:0)){for(o=r-1;o>=0;o--)if((i=t[o])&&!(2&i.__u)&&a==i.key&&s==i.type)return o;for(o=r+1;o<t.length;o++)if((i=t[o])&&!(2&i.__u)&&a==i.key&&s==i.type)return o}return-1}function dt(e,t,r){r==null&&(r=""),t[0]=="-"?e.setProperty(t,r):e[t]=r}function me(e,t,r,n,o){var a,s;if(t=="style")if(typeof r=="string")e.style.cssText=r;else{if(typeof n=="string"&&(e.style.cssText=n=""),n)for(t in n)r&&t in r||dt(e.style,t);if(r)for(t in r)n&&r[t]==n[t]||dt(e.style,t,r[t])}else if(t[0]=="o"&&t[1]=="n")typeof r!="function"&&(r=null),typeof n!="function"&&(n=null),(e.__e||(e.__e={}))[t]=r,r&&n||(s=Ie[t]||(Ie[t]=mr(t)),(e.__a||(e.__a={}))[t]=$e,a=t!=(t=t.replace(ht,"$1")),(t=t.slice(2))[0]<"a"&&(t=t.toLowerCase()),r?e.addEventListener(t,s,a):e.removeEventListener(t,s,a));else{if(o=="http://www.w3.org/2000/svg")t=t.replace(/xlink(H|:h)/,"h").replace(/sName$/,"s");else if(t!="width"&&t!="height"&&t!="href"&&t!="list"&&t!="form"&&t!="tabIndex"&&t!="download"&&t!="rowSpan"&&t!="colSpan"&&t!="role"&&t!="popover"&&t in e)try{return void(e[t]=r??"")}catch{}if(typeof r=="function")return;r==null||r===!1&&t[4]!="-"?e.removeAttribute(t):e.setAttribute(t,t=="popover"&&r==1?"":r)}}function mr(e){return function(t){var r=this.__e;if(r){if(r=r[e],t[fe]==null)t[fe]=$e++;else if(t[fe]<this.__a[e])return;return r(v.event?v.event(t):t)}}}function ze(e,t,r,n,o,a,s,i,u,d){var p,f,m,l,h,x,b,w,_,C,g,W,O,U,T,E,I,j,L=t.type;if(t.constructor!==oe)return null;128&r.__u&&(u=32&r.__u,p=r.__c.__z)&&(t.__u|=u,f=a=[],p.nodeType==8?i=ge(p,a):a.push(p),i=a[0]||i),(p=v.__b)&&p(t);e:if(typeof L=="function"){m=s.length;try{if(w=t.props,_=(p=L.prototype)&&p.render,C=(p=L.contextType)&&n[p.__c],g=p?C?C.props.value:p.__:n,(l=r.__c)?(t.__c=l,2&l.__g&&(l.__g|=1)):(_?t.__c=l=new L(w,g):(t.__c=l=new _e(w,g),l.constructor=L,l.render=hr),C&&C.sub(l),l.state||(l.state={}),l.__n=n,l.__g|=8,l.__h=[],l.__k=[]),_&&(l.__s||(l.__s=l.state),L.getDerivedStateFromProps&&(l.__s==l.state&&(l.__s=Z({},l.__s)),Z(l.__s,L.getDerivedStateFromProps(w,l.__s)))),h=l.props,x=l.state,l.__v=t,r.__c){if(w!==h&&_&&!L.getDerivedStateFromProps&&l.componentWillReceiveProps&&l.componentWillReceiveProps(w,g),t.__v==r.__v&&!(8&l.__g)||!(4&l.__g)&&l.shouldComponentUpdate&&l.shouldComponentUpdate(w,l.__s,g)===!1){t.__v!=r.__v&&(l.props=w,l.state=l.__s,l.__g&=-9),t.__e=r.__e,t.__k=r.__k,t.__k.some(function(y){y&&(y.__=t)}),xe.push.apply(l.__h,l.__k),l.__k=[],l.__h.length&&s.push(l),i=K(r);break e}l.componentWillUpdate&&l.componentWillUpdate(w,l.__s,g),_&&l.componentDidUpdate&&l.__h.push(function(){l.componentDidUpdate(h,x,b)})}else _&&!L.getDerivedStateFromProps&&l.componentWillMount&&l.componentWillMount(),_&&l.componentDidMount&&l.__h.push(l.componentDidMount);l.context=g,l.props=w,l.__P=e,l.__g&=-5,W=v.__r,O=_?25:0;do l.__g&=-9,W&&W(t),p=l.render(l.props,l.state=l.__s,l.context);while(8&l.__g&&++O<25);_&&(xe.push.apply(l.__h,l.__k),l.__k=[]),l.state=l.__s,l.getChildContext&&(n=Z({},n,l.getChildContext())),_&&r.__c&&l.getSnapshotBeforeUpdate&&(b=l.getSnapshotBeforeUpdate(h,x)),U=p&&p.type===F&&p.key==null?p.props.children:p,w.__P&&(p=i,o=(e=w.__P).namespaceURI,u=a=null,r.props&&r.props.__P!=e&&(r.__k.some(function(y){y&&Be(y,y)}),r.__k=null),i=r.__k?K(r,0):null),i=yt(e,Fe(U)?U:[U],t,r,n,o,a,s,i,u,d),w.__P&&(t.__e=null,i=p),t.__u&=-161,f&&f.some(X),l.__h.length&&s.push(l),1&l.__g&&(l.__g&=-4)}catch(y){if(s.length=m,t.__v=null,u||a)if(y&&y.then){if(t.__u|=128|u,a){for(~(I=a.indexOf(i||void 0))||(I=a.length);(j=a[I-1])&&j.nodeType==8;)I--;for(;I<a.length;I++)if(j=a[I])if(a[I]=null,T){if(j==E)break}else{if(j.nodeType!=8)break;j.data.startsWith("$s")&&(E=ge(T=j))}}if(!T){for(;i&&i.nodeType==8&&i.nextSibling;)i=i.nextSibling;T=i}(p=ge(T=t.__c.__z||(t.__c.__z=T)))?(t.__e=T,i=p):t.__e=i,i=i&&i.nextSibling}else a&&a.some(X);else t.__e=r.__e;t.__k||(t.__k=r.__k||[]),y&&y.then||vt(t),v.__e(y,t,r)}}else i=t.__e=fr(r.__e,t,r,n,o,a,s,u,d,e);return(p=v.diffed)&&p(t),i}function ge(e,t){if(e&&e.nodeType==8&&e.data.startsWith("$s"))for(var r=1;e=e.nextSibling;){if(e.nodeType==8){if(e.data.startsWith("$s"))r++;else if(e.data.startsWith("/$s")&&!--r)return e}t&&t.push(e)}}function vt(e){e&&(e.__c&&(e.__c.__g|=4),e.__k&&e.__k.some(vt))}function wt(e,t,r){for(var n=0;n<r.length;)je(r[n++],r[n++],r[n++]);v.__c&&v.__c(t,e),e.some(function(o){try{e=o.__h,o.__h=[],e.some(function(a){a.call(o)})}catch(a){v.__e(a,o.__v)}})}function fr(e,t,r,n,o,a,s,i,u,d){var p,f,m,l,h,x,b,w,_=r.props||ye,C=t.props,g=t.type;if(g=="svg"?o="http://www.w3.org/2000/svg":g=="math"?o="http://www.w3.org/1998/Math/MathML":o||(o="http://www.w3.org/1999/xhtml"),a){for(p=0;p<a.length;p++)if((h=a[p])&&(g?h.localName==g:h.nodeType==3)){e=h,a[p]=null;break}}if(!e){if(w=d.ownerDocument||document,!g)return w.createTextNode(C);e=w.createElementNS(o,g,C.is?C:d),i&&(v.__m&&v.__m(t,a),i=!1),a=null}if(g){if(d=g=="template"&&e.content||e,a=g=="textarea"&&C.defaultValue!=null?null:a&&_t.call(d.childNodes),!i&&a)for(_={},p=0;p<e.attributes.length;p++)_[(h=e.attributes[p]).name]=h.value;for(p in _)h=_[p],p=="dangerouslySetInnerHTML"?m=h:p=="children"||p in C||p=="value"&&"defaultValue"in C||p=="checked"&&"defaultChecked"in C||me(e,p,null,h,o);for(p in C)h=C[p],p=="children"?l=h:p=="dangerouslySetInnerHTML"?f=h:p=="value"?x=h:p=="checked"?b=h:i&&typeof h!="function"||_[p]===h||me(e,p,h,_[p],o);f?(i||m&&(f.__html==m.__html||f.__html==e.innerHTML)||(e.innerHTML=f.__html),t.__k=[]):(m&&(e.textContent=""),(g=="foreignObject"||o=="http://www.w3.org/1998/Math/MathML"&&cr.test(g))&&(o="http://www.w3.org/1999/xhtml"),yt(d,Fe(l)?l:[l],t,r,n,o,a,s,a?a[0]:r.__k&&K(r,0),i,u),a&&a.some(X)),i&&g!="textarea"||(p="value",g=="progress"&&x==null?e.removeAttribute(p):x==null||x===e[p]&&(g!="progress"||x)||me(e,p,x,_[p],o),p="checked",b!=null&&b!=e[p]&&me(e,p,b,_[p],o))}else _===C||i&&e.data==C||(e.data=C);return e}function je(e,t,r,n){try{typeof e=="function"?t?t.__x=e(t)||1:n&&(n=n.__c||n.__e)&&(t=n.__x)&&(n.__x=null,typeof t=="function"?t():e(null)):e.current=t}catch(o){v.__e(o,r)}}function Be(e,t,r){var n,o,a,s;if(v.unmount&&v.unmount(e),!(n=e.ref)||n.current&&n.current!=e.__e||je(n,null,t,e),n=e.__c){if(n.componentWillUnmount)try{n.componentWillUnmount()}catch(i){v.__e(i,t)}n.__P=n.__n=null}if(n=e.__k)for(s=0;s<n.length;s++)n[s]&&Be(n[s],t,typeof e.type!="function"||r&&!e.props.__P);!r&&(n=e.__c)&&(n=n.__z)&&(o=ge(n,a=[]))&&(n==e.__e&&a.some(X),X(o),X(n)),r||X(e.__e),e.__e=e.__c=e.__=null}function hr(e,t,r){return this.constructor(e,r)}function Oe(e,t){var r,n,o,a;v.__&&v.__(e,t),t.nodeType==9&&(t=t.documentElement),n=(r=e&&32&e.__u)?null:t.__k,t.__k=he(F,{children:[e]}),o=[],a=[],ze(t,t.__k,n||ye,ye,t.namespaceURI,n?null:t.firstChild?_t.call(t.childNodes):null,o,n?n.__e:t.firstChild,r,a),wt(o,t.__k,a),t.__k.props.children=null}v={__e:function(e,t,r,n){for(var o,a,s;t=t.__;)if((o=t.__c)&&!(1&o.__g)){o.__g|=4;try{if((s=(a=o.constructor)&&a.getDerivedStateFromError)&&o.setState(a.getDerivedStateFromError(e)),o.componentDidCatch&&(o.componentDidCatch(e,n||{}),s=1),s&&8&o.__g)return void(o.__g|=2)}catch(i){e=i}}throw be=0,e}},mt=0,ir=function(e){return e!=null&&e.constructor===oe},_e.prototype.setState=function(e,t){var r=this.__s;r&&r!=this.state||(r=this.__s=Z({},this.state)),typeof e=="function"&&(e=e(Z({},r),this.props)),e&&(Z(r,e),this.__v&&(t&&this.__k.push(t),pt(this)))},_e.prototype.forceUpdate=function(e){this.__v&&(this.__g|=4,e&&this.__h.push(e),pt(this))},_e.prototype.render=F,G=[],be=0,ft=function(e,t){return e.__v.__b-t.__v.__b},fe=Symbol(),ht=/(PointerCapture)$|Capture$/i,$e=0,Ie={},lr=0;function Ue(e){let t=new DataView(e),r=t.getUint8(6)===1?t.getUint16(8,!0):t.getUint32(8,!0),n=(t.getUint8(6)===1?10:12)+r,o=new TextDecoder("latin1").decode(new Uint8Array(e,n-r,r)),a=/'descr':\s*'([^']+)'/.exec(o)?.[1],s=(/'shape':\s*\(([^)]*)\)/.exec(o)?.[1]??"").split(",").filter(u=>u.trim()!=="").map(Number),i=e.slice(n);switch(a){case"<f4":return{shape:s,data:new Float32Array(i)};case"<f8":return{shape:s,data:new Float64Array(i)};case"<i4":return{shape:s,data:new Int32Array(i)}}throw new Error(`an array of type ${a} cannot be shown`)}var H=class extends Error{constructor(r,n,o=""){super(n);this.code=r;this.hint=o}code;hint};function D(e){return e instanceof H?e:new H("internal",String(e))}var At="api/v1/",Ct=async(e,t,r)=>{let n={method:e};r!==void 0&&(n.body=JSON.stringify(r),n.headers={"Content-Type":"application/json"});try{return await fetch(At+t,n)}catch{throw new H("unavailable","The daemon does not answer.","It may have stopped. Open the page anew with: vectory run")}},De=Ct;function St(e){De=e}async function Y(e,t,r){let n=await De(e,t,r);if(!n.ok){let o=await n.json().catch(()=>null);throw new H(o?.error.code??"internal",o?.error.message??`the daemon answered ${n.status}`,o?.error.hint)}return n}async function $(e){return(await Y("GET",e)).json()}var R=encodeURIComponent,k={openSession:e=>Y("POST","session",{ticket:e}),spaces:async()=>(await $("spaces")).spaces,datasets:async()=>(await $("datasets")).datasets,experiments:async()=>(await $("experiments")).experiments,comparisons:async()=>(await $("comparisons")).comparisons,measures:async()=>(await $("measures")).measures,comparison:e=>$(`comparisons/${R(e)}`),items:(e,t,r)=>$(`comparisons/${R(e)}/items?order=${t}&limit=${r}&lists=true`),space:e=>$(`spaces/${R(e)}`),item:async(e,t)=>(await $(`comparisons/${R(e)}/items?row=${t}`)).items[0],neighbours:(e,t,r)=>$(`spaces/${R(e)}/neighbours?row=${t}&k=${r}`),values:async(e,t)=>Ue(await(await Y("GET",`comparisons/${R(e)}/rows?column=${R(t)}`)).arrayBuffer()),column:(e,t)=>$(`datasets/${R(e)}/columns/${R(t)}`),dataset:e=>$(`datasets/${R(e)}`),row:async(e,t)=>await $(`datasets/${R(e)}/rows?from=${t}&to=${t+1}`),layout:async e=>(await Y("POST","layouts",e)).json(),layoutNow:e=>$(`layouts/${R(e)}`),frame:async(e,t)=>Ue(await(await Y("GET",`layouts/${R(e)}/frame?column=${R(t)}`)).arrayBuffer()),compare:async(e,t,r,n={})=>(await Y("POST","comparisons",{a:e,b:t,k:r,...n})).json(),job:(e,t)=>$(`jobs/${R(e)}?wait=${t}`),cancel:e=>Y("DELETE",`jobs/${R(e)}`)};function Pt(e,t,r){return De===Ct?At+Et(e,t,r):null}function Et(e,t,r){return`datasets/${R(e)}/media/${t}/${R(r)}`}var kt=new Map;function Rt(e,t,r){let n=Et(e,t,r),o=kt.get(n);return o||(o=Y("GET",n).then(async a=>URL.createObjectURL(await a.blob())),kt.set(n,o)),o}var Mt=`:root {
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
.scroll td {
  min-width: 72px;
  max-width: 360px;
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
.bar {
  display: flex;
  flex: 1 1 0;
  min-width: 0;
  align-items: flex-end;
}
.bar-fill {
  position: relative;
  width: 100%;
  border-radius: 3px 3px 0 0;
  background: var(--bar);
}
.bar:hover .bar-fill {
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
.tools label {
  display: grid;
  gap: 4px;
}
.tools label > span {
  font-size: 13px;
  color: var(--muted);
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
`;var ae=[[0,114,178],[230,159,0],[0,158,115],[204,121,167],[86,180,233],[150,140,20],[110,80,160],[120,85,60],[15,135,145],[190,150,220]],Q=[150,155,163],He=null;function Lt(e){He=e}function ve(){return(He?He==="dark":matchMedia("(prefers-color-scheme: dark)").matches)?[240,243,248]:[20,23,28]}var We=[[68,1,84],[71,44,122],[59,81,139],[44,113,142],[33,144,141],[39,173,129],[92,200,99],[170,220,50],[253,231,37]];function gr(e){let t=Math.max(0,Math.min(1,e))*(We.length-1),r=We[Math.floor(t)]??Q,n=We[Math.ceil(t)]??Q,o=t-Math.floor(t);return[0,1,2].map(a=>Math.round((r[a]??0)*(1-o)+(n[a]??0)*o))}var Nt=190;function br(e,t,r){let n=new Array(t.length).fill(0);for(let f of e)n[f]=(n[f]??0)+1;let o=t.map((f,m)=>m).filter(f=>(n[f]??0)>0);o.length>ae.length&&o.sort((f,m)=>(n[m]??0)-(n[f]??0)||f-m);let s=o.slice(0,ae.length),i=new Map(s.map((f,m)=>[f,ae[m]??Q])),u=new Uint8Array(4*e.length);e.forEach((f,m)=>{let l=r.size===0||r.has(t[f]??"");u.set([...i.get(f)??Q,l?Nt:20],4*m)});let d=s.map(f=>({name:t[f]??"",colour:i.get(f)??Q,count:n[f]??0})),p=o.slice(ae.length).reduce((f,m)=>f+(n[m]??0),0);return p>0&&d.push({name:`${o.length-ae.length} others`,colour:Q,count:p}),{colours:u,keys:d,range:null}}function we(e){let t=Number.POSITIVE_INFINITY,r=Number.NEGATIVE_INFINITY;for(let o=0;o<e.length;o++){let a=e[o]??Number.NaN;Number.isFinite(a)&&(t=Math.min(t,a),r=Math.max(r,a))}let n=new Uint8Array(4*e.length);for(let o=0;o<e.length;o++){let a=e[o]??Number.NaN,s=Number.isFinite(a)?gr(r>t?(a-t)/(r-t):.5):Q;n.set([...s,Nt],4*o)}return{colours:n,keys:[],range:t<=r?[t,r]:null}}function yr(e){return e.length>12&&e.every(t=>t===""||t.trim()!==""&&Number.isFinite(Number(t)))}function ke(e,t,r){let{codes:n,values:o}=e,a=Array.from(t,s=>n[s]??0);return yr(o)?we(a.map(s=>o[s]===""?Number.NaN:Number(o[s]))):br(a,o,r)}function Ae(e){let t=new Uint8Array(4*e);for(let r=0;r<e;r++)t.set([91,143,201,150],4*r);return{colours:t,keys:[],range:null}}var ie,P,Ve,Tt,qe=Object.is,le=0,Dt=[],Ge=[],S=v,It=S.__b,$t=S.__r,Ft=S.diffed,zt=S.__c,jt=S.unmount,Bt=S.__;function Ye(e,t){S.__h&&S.__h(P,e,le||t),le=0;var r=P.__H||(P.__H={__:[],__h:[]});return e>=r.__.length&&r.__.push({}),r.__[e]}function A(e){return le=1,xr(Vt,e)}function xr(e,t,r){var n=Ye(ie++,2);if(n.t=e,!n.__c&&(n.__=[r?r(t):Vt(void 0,t),function(a){var s=(n.__N||n.__)[0],i=n.t(s,a);qe(s,i)||(n.__N=[i,n.__[1]],n.__c.setState({}))}],n.__c=P,!P.__f)){P.__f=!0;var o=P.shouldComponentUpdate;P.shouldComponentUpdate=function(a,s,i){var u=this.__H;if(!u)return!0;var d=!1,p=this.props!=a;if(u.__.some(function(m){m.__N&&(d=!0,qe(m.__[0],m.__N[0])||(p=!0))}),o){var f=o.call(this,a,s,i);return d?f||p:f}return!d||p}}return n.__}function M(e,t){var r=Ye(ie++,3);!S.__s&&Ht(r.__H,t)&&(r.__P=!0,r.__=e,r.u=t,P.__H.__h.push(r))}function Ce(e){return le=5,V(function(){return{current:e}},[])}function V(e,t){var r=Ye(ie++,7);return Ht(r.__H,t)&&(r.__=e(),r.__H=t),r.__}function Wt(e,t){return le=8,V(function(){return e},t)}function vr(){var e;do{for(;e=Ge.shift();)try{se(e)}catch(r){S.__e(r,{__:(e=e.__P)&&e.__v})}for(;e=Dt.shift();){var t=e.__H;if(e.__P&&t)try{t.__h.some(se),t.__h.some(Ke),t.__h=[]}catch(r){t.__h=[],S.__e(r,e.__v)}}}while(Ge.length)}S.__b=function(e){P=null,It&&It(e)},S.__=function(e,t){e&&t.__k&&t.__k.__m&&(e.__m=t.__k.__m),Bt&&Bt(e,t)},S.__r=function(e){$t&&$t(e),ie=0;var t=(P=e.__c).__H;t&&(Ve==P?P.__h=[]:(t.__h.some(se),t.__h.some(Ke),ie=0),t.__h=[],t.__.some(function(r){r.__N&&(r.__=r.__N),r.u=r.__N=void 0})),Ve=P},S.diffed=function(e){Ft&&Ft(e);var t=e.__c;t&&t.__H&&(t.__H.__h.length&&Ut(Dt.push(t)),t.__H.__.some(function(r){r.u&&(r.__H=r.u)})),Ve=P=null},S.__c=function(e,t){t.some(function(r){try{r.__h.some(se),r.__h=r.__h.filter(function(n){return!n.__||Ke(n)})}catch(n){r.__h=[function(){throw n}]}}),zt&&zt(e,t)},S.unmount=function(e){jt&&jt(e);var t,r,n=e.__c;n&&n.__H&&(n.__H.__.some(function(o){try{if(o.__P&&o.__c){if(r===void 0){for(r=e.__;r&&(!r.__c||!r.__c.__P);)r=r.__;r=r&&r.__c}o.__P=r,Ut(Ge.push(o))}else se(o)}catch(a){t=a}}),n.__H=void 0,t&&S.__e(t,n.__v))};var Ot=typeof requestAnimationFrame=="function";function wr(e){var t,r=function(){clearTimeout(n),Ot&&cancelAnimationFrame(t),setTimeout(e)},n=setTimeout(r,35);Ot&&(t=requestAnimationFrame(r))}function Ut(e){e!=1&&Tt==S.requestAnimationFrame||((Tt=S.requestAnimationFrame)||wr)(vr)}function se(e){var t=P,r=e.__c;typeof r=="function"&&(e.__c=void 0,r()),P=t}function Ke(e){var t=P;e.__c=e.__(),P=t}function Ht(e,t){return!e||e.length!=t.length||t.some(function(r,n){return!qe(r,e[n])})}function Vt(e,t){return typeof t=="function"?t(e):t}function B(e,t,r){let[n,o]=A(e?e.get(t):r);return M(()=>e?.on(t,()=>o(e.get(t))),[e,t]),[n,s=>{o(s),e?.set(t,s)}]}function Se(e,t,r,n){return M(()=>{if(!e||!t)return;let o=new Map([...t].map((s,i)=>[s,i])),a=()=>{let i=e.get("selection").map(u=>o.get(u)??-1).filter(u=>u>=0);r(i.length===1?i[0]??-1:-1),n(i.length===1?[]:i)};return a(),e.on("selection",a)},[e,t]),{select:o=>t&&e?.set("selection",o.map(a=>t[a]??-1).sort((a,s)=>a-s)),hover:o=>t&&e?.set("hovered",o<0?null:t[o]??null)}}function z(e,t){let[r,n]=A(0),[o,a]=A({value:null,error:null});M(()=>{let i=!0;return e().then(u=>i&&a({value:u,error:null}),u=>i&&a(d=>({value:d.value,error:D(u)}))),()=>{i=!1}},[...t,r]);let s=Wt(()=>n(i=>i+1),[]);return{...o,again:s}}function Pe(e){return e.toLocaleString("en-US")}function ee(e,t,r=`${t}s`){return`${Pe(e)} ${e===1?t:r}`}function ce(e){return e!==0&&Math.abs(e)<5e-4?e.toExponential(1):e.toFixed(3)}function qt(e){return`${(100*e).toFixed(1)} %`}function Je(e){if(!Number.isFinite(e))return"\u2013";let t=Math.abs(e);return t!==0&&(t<1e-4||t>=1e6)?e.toExponential(3):e.toPrecision(4)}function Gt(e,t){let r=Array.from(e.length>4*t?e.slice(0,4*t):e);return r.length<=t?{text:e,whole:!0}:{text:`${r.slice(0,t).join("").trimEnd()}\u2026`,whole:!1}}var kr=/\.(png|jpe?g|gif|webp)$/i;function Ee(e,t){let r={media:null,text:null,facts:[]},n=Object.keys(e[0]??{}),o=16;for(let a of n){let s=e.map(d=>d[a]??"");if(s.every((d,p)=>d===t[p]))continue;let i=s.filter(d=>d!=="");if(r.media===null&&i.length>0&&i.every(d=>kr.test(d))){r.media=a;continue}let u=i.reduce((d,p)=>d+p.length,0)/Math.max(1,i.length);u<16?r.facts.push(a):u>=o&&(o=u,r.text=a)}return r.facts.sort(),r}var Ar=Symbol.for("pv"),Cr=0;function c(e,t,r,n,o,a){t||(t={});var s,i,u=t;if("ref"in u&&typeof e!="function")for(i in u={},t)i=="ref"?s=t[i]:u[i]=t[i];var d={type:e,props:u,key:r,ref:s,__k:null,__:null,__b:0,__e:null,__c:null,constructor:Ar,__v:--Cr,__i:-1,__u:0};return(o||a)&&(d.__source=o,d.__self=a),v.vnode&&v.vnode(d),d}function te({error:e,again:t}){return c("div",{class:"failure",role:"alert",children:[c("p",{children:c("strong",{children:Kt(e.message)})}),e.hint&&c("p",{children:Kt(e.hint)}),t&&c("button",{type:"button",onClick:t,children:"Try again"})]})}function Kt(e){return e.charAt(0).toUpperCase()+e.slice(1)}function re({what:e}){return c("p",{class:"waiting",role:"status",children:["Loading ",e," \u2026"]})}function Xe({text:e,limit:t}){let[r,n]=A(!1),o=Gt(e,t);return o.whole?c(F,{children:e}):c(F,{children:[r?e:o.text," ",c("button",{type:"button",class:"link",onClick:()=>n(!r),children:r?"less":"more"})]})}function Yt({c:e}){return c("p",{class:"legend",children:[c("span",{class:"mark-shared",children:[c(Re,{kind:"shared"})," in both lists"]}),c("span",{class:"mark-a",children:[c(Re,{kind:"a"})," only in ",e.a]}),c("span",{class:"mark-b",children:[c(Re,{kind:"b"})," only in ",e.b]})]})}function Re({kind:e}){return c("svg",{class:"shape",viewBox:"0 0 10 10","aria-hidden":"true",children:[e==="shared"&&c("circle",{cx:"5",cy:"5",r:"4"}),e==="a"&&c("path",{d:"M5 1 9.4 9H.6Z"}),e==="b"&&c("path",{d:"M1.2 1.2h7.6v7.6H1.2Z"})]})}function Jt({item:e,a:t,b:r,k:n}){return c(Sr,{items:[e],a:t,b:r,k:n})}function Sr({items:e,a:t,b:r,k:n}){let o=Ee(e.map(a=>a.columns),e.map(a=>a.id));return c("ol",{class:"items",children:e.map(a=>c("li",{class:"item","data-id":a.id,children:[c("div",{class:"subject",children:c(Pr,{item:a,dataset:t.dataset,shown:o,k:n})}),c("div",{class:"lists",children:[c(Me,{side:t,list:a.a??[],shown:o}),c(Me,{side:r,list:a.b??[],shown:o})]})]},a.id))})}function Pr({item:e,dataset:t,shown:r,k:n}){return c(F,{children:[c(Xt,{dataset:t,row:e.row_a,columns:e.columns,shown:r}),c("div",{children:[c("h3",{children:e.id}),r.text&&c("p",{class:"text",children:c(Xe,{text:e.columns[r.text]??"",limit:240})}),c(Er,{columns:e.columns,shown:r}),c("p",{class:"agreement",children:[c("b",{children:e.shared})," of ",n," shared, Jaccard ",ce(e.jaccard)]})]})]})}function Er({columns:e,shown:t}){let r=t.facts.filter(n=>e[n]).slice(0,4);return r.length===0?null:c("p",{class:"facts",children:r.map(n=>c("span",{children:[n," ",c("b",{children:e[n]})]},n))})}function Rr(e,t,r,n){let o=e&&r?Pt(e,t,r):Ze,[a,s]=A(Ze);return M(()=>{let i=!0;return o===null&&e&&r&&Rt(e,t,r).then(u=>i&&s(u),()=>i&&n("failed")),()=>{i=!1}},[o,e,t,r]),o??a}var Ze="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";function Xt({dataset:e,row:t,columns:r,shown:n}){let[o,a]=A("plain"),s=Rr(r[n.media??""]?e:null,t,n.media,a);return!n.media||!e||!r[n.media]?null:o==="failed"?c("span",{class:"picture missing",title:`the picture ${r[n.media]} cannot be shown`,children:"?"}):c("img",{class:o==="tiny"?"picture tiny":"picture",src:s,alt:"",loading:"lazy",onLoad:i=>s!==Ze&&i.currentTarget.naturalWidth<=32&&a("tiny"),onError:()=>a("failed")})}function Me({side:e,list:t,shown:r}){let n=r.media!==null&&r.text===null;return c("div",{class:`neighbours side-${e.which}`,children:[c("h4",{children:e.name}),c("ol",{class:n?"tiles":"lines",children:t.map(o=>c(Mr,{neighbour:o,side:e,shown:r},o.row))})]})}function Mr({neighbour:e,side:t,shown:r}){let n=e.shared?"shared":t.which,o=e.shared?"in both lists":`only in ${t.name}`,a=r.text?e.columns[r.text]:void 0,s=r.facts[0];return c("li",{class:`neighbour mark-${n}`,title:`${e.id}, distance ${Je(e.distance)}, ${o}`,children:[c(Re,{kind:n}),c("span",{class:"hidden",children:[o,": "]}),c(Xt,{dataset:t.dataset,row:e.row,columns:e.columns,shown:r}),c("span",{class:"name",children:a?c(Xe,{text:a,limit:110}):r.media&&s?e.columns[s]:e.id}),c("span",{class:"distance",children:Je(e.distance)})]})}async function Le(e,t){let r=await k.layout(e),n=o=>Promise.all(e.spaces.map(async(a,s)=>(await k.frame(o,s===0?"coords_a":"coords_b")).data));for(;r.job&&t.wanted();){let o=r.layout&&await k.layoutNow(r.layout.id).catch(()=>null),a=o&&o.of>0?await n(o.id).catch(()=>null):null;a&&t.wanted()&&t.frame(a);let s=await k.job(r.job.id,1);if(t.progress(s.progress,s.stage),s.state==="failed"||s.state==="canceled")throw D(s.error?Object.assign(new Error(s.error.message),s.error):"the layout was canceled");s.state==="done"&&(r=await k.layout(e))}return r.layout&&t.wanted()?{layout:r.layout,places:await n(r.layout.id)}:null}function ue(e){let t=[Number.POSITIVE_INFINITY,Number.POSITIVE_INFINITY],r=[Number.NEGATIVE_INFINITY,Number.NEGATIVE_INFINITY];for(let o of e)o.forEach((a,s)=>{let i=s%2;t[i]=Math.min(t[i],a),r[i]=Math.max(r[i],a)});let n=Math.max(r[0]-t[0],r[1]-t[1],1e-9)/.94;return e.map(o=>Float32Array.from(o,(a,s)=>{let i=s%2;return .5+(a-(t[i]+r[i])/2)/n}))}var q={x:.5,y:.5,zoom:1},Lr=["circle","triangle","square","ring"],Nr=`#version 300 es
layout(location=0) in vec2 place;
layout(location=1) in vec4 colour;
layout(location=2) in vec2 look; // shape and size of a mark
uniform vec3 camera; uniform vec2 size; uniform float points; uniform float ratio; uniform bool marked;
out vec4 tint; flat out float shape; out float edge;
void main() {
  vec2 p = (place - camera.xy) * camera.z;
  gl_Position = vec4(p * (size.y < size.x ? vec2(size.y / size.x, 1) : vec2(1, size.x / size.y)) * 2.0, 0, 1);
  gl_PointSize = marked ? look.y * ratio : points * ratio;
  tint = colour; shape = marked ? look.x : 0.0; edge = gl_PointSize;
}`,Tr=`#version 300 es
precision mediump float;
in vec4 tint; flat in float shape; in float edge; out vec4 o;
void main() {
  vec2 d = gl_PointCoord - 0.5;
  float inside;
  if (shape < 0.5) inside = 0.5 - length(d);
  else if (shape < 1.5) inside = min(0.42 - d.y, 0.44 + d.y * 0.5 - abs(d.x) - 0.2);
  else if (shape < 2.5) inside = 0.4 - max(abs(d.x), abs(d.y));
  else inside = min(0.5 - length(d), length(d) - 0.5 + 2.5 / edge);
  float a = clamp(inside * edge, 0.0, 1.0) * tint.a;
  if (a <= 0.0) discard;
  o = vec4(tint.rgb * a, a);
}`,Ne=class{constructor(t){this.canvas=t;this.gl=t.getContext("webgl2",{antialias:!1,alpha:!0}),this.gl&&(this.program=Zt(this.gl),t.addEventListener("webglcontextlost",r=>r.preventDefault()),t.addEventListener("webglcontextrestored",()=>{this.gl&&(this.program=Zt(this.gl),this.upload(),this.draw())}))}canvas;n=0;camera=q;size=4;places=new Float32Array(0);colours=new Uint8Array(0);marks=[];queued=0;grid=null;gl;program=null;get accelerated(){return this.gl!==null}move(t){this.places=t,this.grid=null;let r=t.length/2;r!==this.n&&(this.n=r,this.colours=new Uint8Array(4*r).fill(150)),this.upload(),this.draw()}paint(t){t.length===4*this.n&&(this.colours=t,this.upload(),this.draw())}mark(t){this.marks=t.filter(r=>r.id>=0&&r.id<this.n),this.draw()}look(t){this.camera=t,this.draw()}upload(){let{gl:t,program:r}=this;t&&r&&(t.bindVertexArray(r.points),t.bindBuffer(t.ARRAY_BUFFER,r.places),t.bufferData(t.ARRAY_BUFFER,this.places,t.DYNAMIC_DRAW),t.bindBuffer(t.ARRAY_BUFFER,r.colours),t.bufferData(t.ARRAY_BUFFER,this.colours,t.DYNAMIC_DRAW))}draw(){this.queued||=requestAnimationFrame(()=>{this.queued=0,this.drawNow()})}drawNow(){let{canvas:t}=this,r=globalThis.devicePixelRatio||1,n=Math.max(1,Math.round(t.clientWidth*r)),o=Math.max(1,Math.round(t.clientHeight*r));(t.width!==n||t.height!==o)&&(t.width=n,t.height=o),this.gl&&this.program?this.drawAccelerated(this.gl,this.program,n,o,r):this.drawPlain(n,o,r)}drawAccelerated(t,r,n,o,a){if(t.viewport(0,0,n,o),t.clearColor(0,0,0,0),t.clear(t.COLOR_BUFFER_BIT),t.useProgram(r.program),t.uniform3f(r.at("camera"),this.camera.x,this.camera.y,this.camera.zoom),t.uniform2f(r.at("size"),n,o),t.uniform1f(r.at("points"),this.pointSize()),t.uniform1f(r.at("ratio"),a),t.uniform1i(r.at("marked"),0),t.bindVertexArray(r.points),t.drawArrays(t.POINTS,0,this.n),this.marks.length>0){let s=new Float32Array(8*this.marks.length);this.marks.forEach((i,u)=>{let[d,p,f]=i.colour,m=[this.places[2*i.id]??0,this.places[2*i.id+1]??0];s.set([...m,d/255,p/255,f/255,1,Lr.indexOf(i.shape),i.size],8*u)}),t.uniform1i(r.at("marked"),1),t.bindVertexArray(r.marks),t.bindBuffer(t.ARRAY_BUFFER,r.marked),t.bufferData(t.ARRAY_BUFFER,s,t.DYNAMIC_DRAW),t.drawArrays(t.POINTS,0,this.marks.length)}}pointSize(){let t=Math.max(.35,Math.min(1,Math.sqrt(2e4/Math.max(this.n,1))));return Math.max(1.5,this.size*t*Math.min(2.5,this.camera.zoom**.3))}drawPlain(t,r,n){let o=this.canvas.getContext("2d");if(!o)return;o.setTransform(1,0,0,1,0,0),o.clearRect(0,0,t,r),o.scale(n,n);let a=this.pointSize(),s=Math.max(1,Math.ceil(this.n/5e4));for(let i=0;i<this.n;i+=s){let[u,d]=this.toPixel(i),[p,f,m,l]=this.colours.subarray(4*i,4*i+4);o.fillStyle=`rgb(${p} ${f} ${m} / ${(l??255)/255})`,o.fillRect(u-a/2,d-a/2,a,a)}for(let i of this.marks){let[u,d]=this.toPixel(i.id);$r(o,i,u,d)}}scale(){return Math.min(this.canvas.clientWidth,this.canvas.clientHeight)*this.camera.zoom}toPlot(t,r){let{clientWidth:n,clientHeight:o}=this.canvas,a=this.scale();return[(t-n/2)/a+this.camera.x,(o/2-r)/a+this.camera.y]}toPixel(t){let{clientWidth:r,clientHeight:n}=this.canvas,o=this.scale();return[((this.places[2*t]??0)-this.camera.x)*o+r/2,n/2-((this.places[2*t+1]??0)-this.camera.y)*o]}pick(t,r,n=8){this.grid??=new Qe(this.places);let[o,a]=this.toPlot(t,r);return this.grid.nearest(o,a,n/this.scale())}step(t,r,n){let o=this.places[2*t]??0,a=this.places[2*t+1]??0,s=-1,i=Number.POSITIVE_INFINITY;for(let u=0;u<this.n;u++){let d=(this.places[2*u]??0)-o,p=(this.places[2*u+1]??0)-a,f=d*r+p*n,m=Math.abs(d*n-p*r),l=d*d+p*p;u!==t&&f>0&&m<=f&&l<i&&(s=u,i=l)}return s}within(t){let r=[];for(let n=0;n<this.n;n++)Ir(t,this.places[2*n]??0,this.places[2*n+1]??0)&&r.push(n);return r}};function Ir(e,t,r){let n=!1,[o,a]=e.at(-1)??[0,0];for(let[s,i]of e)i>r!=a>r&&t<(o-s)*(r-i)/(a-i)+s&&(n=!n),[o,a]=[s,i];return n}function $r(e,t,r,n){let[o,a,s]=t.colour,i=t.size/2;e.fillStyle=e.strokeStyle=`rgb(${o} ${a} ${s})`,e.lineWidth=2.5,e.beginPath(),t.shape==="triangle"?(e.moveTo(r,n-i),e.lineTo(r+i,n+i),e.lineTo(r-i,n+i)):t.shape==="square"?e.rect(r-i*.8,n-i*.8,t.size*.8,t.size*.8):e.arc(r,n,t.shape==="ring"?i-1:i,0,7),t.shape==="ring"?e.stroke():e.fill()}function Zt(e){let t=e.createProgram();for(let[i,u]of[[e.VERTEX_SHADER,Nr],[e.FRAGMENT_SHADER,Tr]]){let d=e.createShader(i);if(!d)throw new Error("the graphics context is lost");e.shaderSource(d,u),e.compileShader(d),e.attachShader(t,d)}if(e.linkProgram(t),!e.getProgramParameter(t,e.LINK_STATUS)&&!e.isContextLost())throw new Error(e.getProgramInfoLog(t)??"the shaders do not link");e.enable(e.BLEND),e.blendFunc(e.ONE,e.ONE_MINUS_SRC_ALPHA);let r=e.createBuffer(),n=e.createBuffer(),o=e.createBuffer(),a=e.createVertexArray();e.bindVertexArray(a),e.bindBuffer(e.ARRAY_BUFFER,r),e.enableVertexAttribArray(0),e.vertexAttribPointer(0,2,e.FLOAT,!1,0,0),e.bindBuffer(e.ARRAY_BUFFER,n),e.enableVertexAttribArray(1),e.vertexAttribPointer(1,4,e.UNSIGNED_BYTE,!0,0,0);let s=e.createVertexArray();e.bindVertexArray(s),e.bindBuffer(e.ARRAY_BUFFER,o);for(let[i,u,d]of[[0,2,0],[1,4,8],[2,2,24]])e.enableVertexAttribArray(i),e.vertexAttribPointer(i,u,e.FLOAT,!1,32,d);return{program:t,points:a,marks:s,places:r,colours:n,marked:o,at:i=>e.getUniformLocation(t,i)}}var J=256,Qe=class{constructor(t){this.places=t;let r=t.length/2;this.ids=new Uint32Array(r);let n=new Uint32Array(r);for(let a=0;a<r;a++){let s=ne(t[2*a+1]??0)*J+ne(t[2*a]??0);n[a]=s,this.start[s+1]=(this.start[s+1]??0)+1}for(let a=0;a<J*J;a++)this.start[a+1]=(this.start[a+1]??0)+(this.start[a]??0);let o=this.start.slice(0,-1);for(let a=0;a<r;a++){let s=n[a]??0;this.ids[o[s]??0]=a,o[s]=(o[s]??0)+1}}places;start=new Uint32Array(J*J+1);ids;nearest(t,r,n){let o=-1,a=n*n;for(let s=ne(r-n);s<=ne(r+n);s++)for(let i=ne(t-n);i<=ne(t+n);i++){let u=s*J+i;for(let d=this.start[u]??0;d<(this.start[u+1]??0);d++){let p=this.ids[d]??0,f=((this.places[2*p]??0)-t)**2+((this.places[2*p+1]??0)-r)**2;f<=a&&(o=p,a=f)}}return o}};function ne(e){return Math.max(0,Math.min(J-1,Math.floor(e*J)))}function pe(e){let t=Ce(null),r=Ce(null),n=Ce(e);return n.current=e,M(()=>{let o=t.current;if(!o)return;let a=new Ne(o);r.current=a,et.set(e.side,a);let s=new ResizeObserver(()=>a.draw());s.observe(o);let i=Fr(o,a,n);return()=>{s.disconnect(),i(),et.delete(e.side)}},[]),M(()=>{e.places&&r.current?.move(e.places),e.colours&&r.current?.paint(e.colours)},[e.places,e.colours]),M(()=>r.current?.mark(e.marks),[e.marks,e.places]),M(()=>r.current?.look(e.camera),[e.camera]),c("figure",{class:`plot-frame side-${e.side}`,children:[c("figcaption",{children:c("span",{class:`space-${e.side}`,children:e.name})}),c("canvas",{ref:t,class:"points","data-side":e.side,tabIndex:0,role:"application","aria-label":`Map of ${e.name}`,"aria-describedby":"map-help",onKeyDown:o=>r.current&&zr(o,r.current,n.current)})]})}var et=new Map;Object.assign(globalThis,{vectoryPlots:et});var Qt=10;function Fr(e,t,r){let n=null,o=null,a=!1,s=m=>{let l=e.getBoundingClientRect();return[m.clientX-l.left,m.clientY-l.top]},i=m=>{e.setPointerCapture(m.pointerId);let[l,h]=s(m);a=!1,m.shiftKey?o=[t.toPlot(l,h)]:n={x:l,y:h,camera:r.current.camera}},u=m=>{let[l,h]=s(m);if(o){o.push(t.toPlot(l,h));return}if(!n){r.current.hover(t.pick(l,h,Qt));return}if(a||=Math.hypot(l-n.x,h-n.y)>3,a){let x=Math.min(e.clientWidth,e.clientHeight)*n.camera.zoom;r.current.setCamera({...n.camera,x:n.camera.x-(l-n.x)/x,y:n.camera.y+(h-n.y)/x})}},d=m=>{let[l,h]=s(m);o&&o.length>2?r.current.lasso(t.within(o)):n&&!a&&r.current.choose(t.pick(l,h,Qt)),o=null,n=null},p=m=>{if(!e.matches(":focus")&&!m.ctrlKey)return;m.preventDefault();let[l,h]=s(m);r.current.setCamera(tt(t,r.current.camera,Math.exp(-m.deltaY*.0015),l,h))},f=()=>r.current.hover(-1);return e.addEventListener("pointerdown",i),e.addEventListener("pointermove",u),e.addEventListener("pointerup",d),e.addEventListener("pointerleave",f),e.addEventListener("wheel",p,{passive:!1}),()=>{e.removeEventListener("pointerdown",i),e.removeEventListener("pointermove",u),e.removeEventListener("pointerup",d),e.removeEventListener("pointerleave",f),e.removeEventListener("wheel",p)}}function tt(e,t,r,n,o){let a=Math.max(.5,Math.min(400,t.zoom*r)),[s,i]=e.toPlot(n,o),u=t.zoom/a;return{zoom:a,x:s+(t.x-s)*u,y:i+(t.y-i)*u}}function zr(e,t,r){let{camera:n}=r,a={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,1],ArrowDown:[0,-1]}[e.key],s=[t.canvas.clientWidth/2,t.canvas.clientHeight/2];if(a&&e.shiftKey)r.setCamera({...n,x:n.x+.1*a[0]/n.zoom,y:n.y+.1*a[1]/n.zoom});else if(a){let i=r.chosen<0?t.pick(...s,t.canvas.clientWidth):t.step(r.chosen,a[0],a[1]);i>=0&&r.choose(i)}else if(e.key==="+"||e.key==="=")r.setCamera(tt(t,n,1.4,...s));else if(e.key==="-")r.setCamera(tt(t,n,1/1.4,...s));else if(e.key==="0")r.setCamera(q);else if(e.key==="Escape")r.choose(-1),r.lasso([]);else if(e.key.toLowerCase()==="b")t.canvas.getRootNode().querySelector(`canvas.points[data-side="${r.side==="a"?"b":"a"}"]`)?.focus();else return;e.preventDefault()}var jr={"joint-umap":"together (joint UMAP)",umap:"each by itself (UMAP)",pca:"principal components"};function rr({c:e,link:t=null}){let[r,n]=A("joint-umap"),[o,a]=B(t,"colour",""),[s,i]=A(q),[u,d]=A(-1),[p,f]=A(-1),[m,l]=A([]),[h,x]=A(new Set),[b,w]=B(t,"k",e.k),_=Math.min(b,e.k),{map:C,rows:g,layout:W,progress:O,error:U}=Gr(e,r),T=Se(t,g?.a??null,d,l),E=z(()=>Promise.all([k.space(e.a),k.space(e.b)]),[e.a,e.b]),I=E.value?.[0].dataset??null,j=z(async()=>I?(await k.dataset(I)).columns:[],[I]),L=qr(e,g,I,o,h,m),y=Vr(e,g,u),de=V(()=>Hr(y,g,u,_),[y,g,u,_]);if(M(()=>d(-1),[r]),U)return c(te,{error:U});let ar=N=>{d(N),T.select(N<0?[]:[N])},ct=N=>{l(N),T.select(N)},ut={camera:s,setCamera:i,chosen:u,choose:ar,hover:N=>{f(N),T.hover(N)},lasso:ct};return c("div",{class:"maps",children:[c("div",{class:"tools",children:[c("label",{children:[c("span",{children:"Laid out"}),c("select",{value:r,onChange:N=>n(N.currentTarget.value),children:Object.entries(jr).map(([N,sr])=>c("option",{value:N,children:sr},N))})]}),c(nt,{colour:o,setColour:N=>{x(new Set),a(N)},colours:[...Br,...rt(j.value)],k:_,most:e.k,setK:w,whole:()=>i(q)})]}),c("div",{class:"pair-of-plots",children:[c(pe,{name:e.a,side:"a",places:C?.a??null,colours:L?.colours??null,marks:de.a,...ut}),c(pe,{name:e.b,side:"b",places:C?.b??null,colours:L?.colours??null,marks:de.b,...ut})]}),c("p",{id:"map-help",class:"muted help",children:"Click an item: its neighbours in both spaces. Drag to move, wheel to zoom (click a map first), Shift and drag for a lasso; keys: arrows, + \u2212 0, B for the other map, Esc."}),O&&c(ot,{...O}),L&&c(st,{painted:L,shown:h,setShown:x}),c("p",{class:"status","aria-live":"polite",children:Or(g,u,p,m,y,_)}),W&&c(at,{layout:W}),m.length>0&&c("p",{children:[ee(m.length,"item")," selected"," ",c("button",{type:"button",class:"link",onClick:()=>ct([]),children:"clear"})]}),y&&E.value&&c("div",{class:"chosen",children:[c(Yt,{c:e}),c(Jt,{item:it(y,_),a:er(e.a,"a",E.value[0].dataset),b:er(e.b,"b",E.value[1].dataset),k:_})]}),!C&&!O&&c(re,{what:"the maps"})]})}function er(e,t,r){return{name:e,which:t,dataset:r}}var Br=[{value:"=jaccard",text:"agreement (Jaccard)"},{value:"=moved",text:"how far it moved"}];function rt(e){return(e??[]).map(t=>({value:t,text:t}))}function nt(e){return c(F,{children:[c("label",{children:[c("span",{children:"Colour"}),c("select",{value:e.colour,onChange:t=>e.setColour(t.currentTarget.value),children:[c("option",{value:"",children:"none"}),e.colours.map(({value:t,text:r})=>c("option",{value:t,children:r},t))]})]}),c("label",{class:"slider",children:[c("span",{children:["Neighbours: ",c("b",{children:e.k})]}),c("input",{type:"range",min:"1",max:e.most,value:e.k,onInput:t=>e.setK(Number(t.currentTarget.value))})]}),c("button",{type:"button",onClick:e.whole,children:"Whole map"})]})}function ot({share:e,stage:t}){return c("p",{class:"progress",role:"status",children:[c("progress",{value:e})," ",t]})}function at({layout:e}){return e.state!=="done"||!e.quality?null:c("p",{class:"muted honesty",children:[e.quality.map((t,r)=>c("span",{children:[e.spaces[r],": ",qt(t.recall_15)," of the 15 nearest are near on the map, trustworthiness"," ",ce(t.trustworthiness),"."," "]},e.spaces[r])),e.null_band!==null&&e.displacement!==null&&c("span",{children:["The median item moved by ",e.displacement.toFixed(3)," of the map's radius; below"," ",e.null_band.toFixed(3)," movement means nothing."]})]})}function st({painted:e,shown:t,setShown:r}){let n=o=>{let a=new Set(t);a.delete(o)||a.add(o),r(a)};return c("div",{class:"keys",children:[e.range&&c("span",{children:[e.range[0].toPrecision(3)," ",c("span",{class:"ramp","aria-hidden":"true"})," ",e.range[1].toPrecision(3)]}),e.keys.map(o=>c("button",{type:"button",class:"key","aria-pressed":t.has(o.name),onClick:()=>n(o.name),children:[c("svg",{class:"swatch",viewBox:"0 0 10 10","aria-hidden":"true",fill:`rgb(${o.colour.join(" ")})`,children:c("circle",{cx:"5",cy:"5",r:"5"})}),o.name," ",c("span",{class:"muted",children:Pe(o.count)})]},o.name))]})}function Or(e,t,r,n,o,a){if(!e)return"";if(o&&t>=0){let s=it(o,a);return`${o.id}: ${s.shared} of ${a} neighbours shared, Jaccard ${ce(s.jaccard)}`}return r>=0?`row ${e.a[r]}`:n.length>0?"":`${ee(e.a.length,"item")} on both maps`}function it(e,t){let r=(e.a??[]).slice(0,t),n=(e.b??[]).slice(0,t),o=new Set(r.map(i=>i.id)),a=new Set(n.map(i=>i.id)),s=r.filter(i=>a.has(i.id)).length;return{...e,a:r.map(i=>({...i,shared:a.has(i.id)})),b:n.map(i=>({...i,shared:o.has(i.id)})),shared:s,jaccard:s/(2*t-s)}}var Ur=[194,24,31],Dr=[176,104,0],Wr=[151,71,122];function Hr(e,t,r,n){if(!e||!t||r<0)return{a:[],b:[]};let o=new Map([...t.a].map((u,d)=>[u,d])),a=new Map([...t.b].map((u,d)=>[u,d])),s=it(e,n),i=[];for(let u of s.a??[])i.push({id:o.get(u.row)??-1,shape:u.shared?"circle":"triangle",colour:u.shared?Ur:Dr,size:u.shared?11:13});for(let u of s.b??[])u.shared||i.push({id:a.get(u.row)??-1,shape:"square",colour:Wr,size:12});return i.sort((u,d)=>+(u.shape==="circle")-+(d.shape==="circle")),i.push({id:r,shape:"ring",colour:ve(),size:20}),{a:i,b:i}}function Vr(e,t,r){let n=r>=0?t?.a[r]??-1:-1,[o,a]=A({row:-1,item:null});return M(()=>{let s=!0;return n>=0&&k.item(e.key,n).then(i=>s&&a({row:n,item:i??null}),()=>s&&a({row:n,item:null})),()=>{s=!1}},[e.key,n]),n>=0&&o.row===n?o.item:null}function qr(e,t,r,n,o,a){let s=z(async()=>{if(n==="=jaccard"){let[i,u]=await Promise.all([k.values(e.key,"jaccard"),k.values(e.key,"row_a")]);return{numbers:new Map([...u.data].map((d,p)=>[d,i.data[p]??Number.NaN]))}}return n&&!n.startsWith("=")&&r?{column:await k.column(r,n)}:{}},[e.key,r,n]);return V(()=>{if(!t)return null;let i=t.a.length,u,d=s.value;return n==="=moved"?u=we(t.moved):d?.numbers&&n==="=jaccard"?u=we(Array.from(t.a,p=>d.numbers?.get(p)??Number.NaN)):d?.column&&d.column.column===n?u=ke(d.column,t.a,o):u=Ae(i),a.length>0?{...u,colours:lt(u.colours,a)}:u},[t,s.value,n,o,a])}function lt(e,t){let r=e.slice(),n=new Set(t);for(let o=0;o<r.length/4;o++)n.has(o)||(r[4*o+3]=Math.min(r[4*o+3]??0,25));return r}function Gr(e,t){let r={map:null,rows:null,layout:null,progress:null,error:null},[n,o]=A(r);return M(()=>{let a=!0,s=i=>a&&o(u=>({...u,...i}));return o(r),Kr(e,t,()=>a,s).catch(i=>s({error:D(i),progress:null})),()=>{a=!1}},[e.key,t]),n}async function Kr(e,t,r,n){let o={spaces:[e.a,e.b],method:t,...e.metric_a===e.metric_b?{metric:e.metric_a}:{}},a=await Le(o,{wanted:r,progress:(f,m)=>n({progress:{share:f,stage:m}}),frame:f=>n({map:tr(f)})});if(!a)return;let{layout:s,places:i}=a,[u,d,p]=await Promise.all(["row_a","row_b","displacement"].map(f=>k.frame(s.id,f)));u&&d&&p&&n({map:tr(i),rows:{a:u.data,b:d.data,moved:p.data},layout:s,progress:null})}function tr(e){let[t,r]=ue(e);return t&&r?{a:t,b:r}:null}var Yr=[194,24,31],nr=50;function or({space:e,link:t=null}){let[r,n]=B(t,"colour",""),[o,a]=B(t,"k",10),[s,i]=A(q),[u,d]=A(-1),[p,f]=A([]),[m,l]=A(new Set),{places:h,layout:x,progress:b,error:w}=Qr(e),_=z(async()=>(await k.space(e)).dataset,[e]).value,C=z(async()=>_?(await k.dataset(_)).columns:[],[_]),g=h?h.length/2:0,W=V(()=>Int32Array.from({length:g},(y,de)=>de),[g]),O=Se(t,g>0?W:null,d,f),U=Zr(_,r,W,m,p),T=z(()=>u<0?Promise.resolve(null):Xr(e,_,u,Math.min(o,nr)),[e,_,u,o]).value,E=T&&T.row===u?T:null,I=V(()=>Jr(E?.list??[],u),[E,u]);if(w)return c(te,{error:w});let j=y=>{d(y),O.select(y<0?[]:[y])},L=y=>{f(y),O.select(y)};return c("div",{class:"maps",children:[c("div",{class:"tools",children:c(nt,{colour:r,setColour:y=>{l(new Set),n(y)},colours:rt(C.value),k:o,most:nr,setK:a,whole:()=>i(q)})}),c(pe,{name:e,side:"a",places:h,colours:U.colours,marks:I,camera:s,chosen:u,setCamera:i,choose:j,hover:O.hover,lasso:L}),c("p",{id:"map-help",class:"muted help",children:"Click an item for its neighbours. Drag to move, wheel to zoom (click the map first), Shift and drag for a lasso; keys: arrows, + \u2212 0, Esc."}),b&&c(ot,{...b}),c(st,{painted:U,shown:m,setShown:l}),c("p",{class:"status","aria-live":"polite",children:E?`${E.id}: ${ee(E.list.length,"neighbour")}`:p.length>0?`${ee(p.length,"item")} selected`:g>0&&ee(g,"item")}),x&&c(at,{layout:x}),E&&c("div",{class:"chosen",children:c(Me,{side:{name:`Neighbours of ${E.id}`,which:"a",dataset:_},list:E.list,shown:Ee(E.list.map(y=>y.columns),E.list.map(y=>y.id))})}),!h&&!b&&c(re,{what:"the map"})]})}function Jr(e,t){let r=e.map(n=>({id:n.row,shape:"circle",colour:Yr,size:11}));return t<0?[]:[...r,{id:t,shape:"ring",colour:ve(),size:20}]}async function Xr(e,t,r,n){let o=await k.neighbours(e,r,n),a=await Promise.all(o.neighbours.map(async s=>{let i=t?await k.row(t,s.row):null,u=Object.fromEntries((i?.columns??[]).map((d,p)=>[d,i?.rows[0]?.[p]??""]));return{...s,shared:!0,columns:u}}));return{row:r,id:o.id??String(r),list:a}}function Zr(e,t,r,n,o){let a=z(async()=>e&&t?await k.column(e,t):null,[e,t]).value;return V(()=>{let s=a&&a.column===t?ke(a,r,n):Ae(r.length);return o.length>0?{...s,colours:lt(s.colours,o)}:s},[a,t,r,n,o])}function Qr(e){let t={places:null,layout:null,progress:null,error:null},[r,n]=A(t);return M(()=>{let o=!0,a=s=>o&&n(i=>({...i,...s}));return n(t),Le({spaces:[e],method:"umap"},{wanted:()=>o,progress:(s,i)=>a({progress:{share:s,stage:i}}),frame:s=>a({places:ue(s)[0]??null})}).then(s=>s&&a({places:ue(s.places)[0]??null,layout:s.layout,progress:null}),s=>a({error:D(s),progress:null})),()=>{o=!1}},[e]),r}var Io={render:en};function en({model:e,el:t}){let r=t.shadowRoot??t.attachShadow({mode:"open"}),n=document.createElement("style"),o=document.createElement("div");o.className="vectory",n.textContent=cn(Mt),r.replaceChildren(n,o),t.setAttribute("data-lm-suppress-shortcuts","true");let a=un(t),s=ln(e);return St(s.carrier),Oe(c(tn,{link:on(e)}),o),()=>{Oe(null,o),s.close(),a()}}function tn({link:e}){let[t]=B(e,"spaces",[]),[r]=B(e,"height",460),[n,...o]=t;return c("div",{style:`--map-height: ${r}px`,children:n&&o.length===0?c(or,{space:n,link:e}):c(rn,{link:e})})}function rn({link:e}){let[t]=B(e,"comparison",""),[r]=B(e,"k",10),n=z(()=>nn(t,r),[t,r]);return n.error?c(te,{error:n.error,again:n.again}):n.value?c(rr,{c:n.value,link:e}):c(re,{what:"the comparison"})}async function nn(e,t){let r=await k.comparison(e);if(t<=r.k)return r;let n=await k.compare(r.a,r.b,t,{metric_a:r.metric_a,metric_b:r.metric_b});for(;!n.comparison&&n.job;){let o=await k.job(n.job.id,10);if(o.error)throw new H(o.error.code,o.error.message,o.error.hint);o.state==="done"&&(n={comparison:await k.comparison(o.result??"")})}if(!n.comparison)throw D("the comparison was canceled");return n.comparison}function on(e){return{get:t=>e.get(t),set:(t,r)=>{e.set(t,r),e.save_changes()},on:(t,r)=>(e.on(`change:${t}`,r),()=>e.off(`change:${t}`,r))}}var an=3e4,sn=0;function ln(e){let t=`${Date.now().toString(36)}-${sn++}`,r=new Map,n=0,o=(s,i)=>{r.get(s.id)?.(s,i[0]??new ArrayBuffer(0)),r.delete(s.id)};return e.on("msg:custom",o),{carrier:(s,i,u)=>new Promise((d,p)=>{let f=`${t}-${n++}`,m=setTimeout(()=>{r.delete(f),p(new H("unavailable","The kernel does not answer.","Run the cell again."))},an);r.set(f,({status:l,headers:h},x)=>{clearTimeout(m),d(new Response(l===204?null:x,{status:l,headers:h}))}),e.send({id:f,method:s,path:i,body:u??null})}),close:()=>e.off("msg:custom",o)}}function cn(e){let t=/prefers-color-scheme:\s*dark\)\s*\{\s*:root\s*\{([^}]*)\}/.exec(e)?.[1]??"",r=/:root\s*\{([^}]*)\}/.exec(e)?.[1]??"";return`${e.replaceAll(":root",":host").replace(/(^|\})\s*body\s*\{/,"$1.vectory{")}
:host([data-theme="light"]){${r};color-scheme:light}
:host([data-theme="dark"]){${r};${t};color-scheme:dark}
.vectory{background:none}.maps{border:0;padding:4px;box-shadow:none;background:none}
canvas.points{aspect-ratio:auto;height:var(--map-height,460px)}`}function un(e){let t=()=>{let n=document.body?.getAttribute("data-jp-theme-light"),o=document.body?.getAttribute("data-vscode-theme-kind"),a=n?n==="true"?"light":"dark":o?o.includes("light")?"light":"dark":null;Lt(a),a&&e.setAttribute("data-theme",a)};t();let r=new MutationObserver(t);return r.observe(document.body,{attributes:!0}),()=>r.disconnect()}export{Io as default};
