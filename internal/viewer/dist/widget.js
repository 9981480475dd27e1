var x,Qe,Xt,B,we,fe,et,ue,tt,Ae,ke,Zt,ee=Symbol.for("pv"),he={},_e=[],Qt=/^m(i|n|o|s|text|space)$/,Ce=Array.isArray,rt=_e.slice,q=Object.assign;function V(e){e&&e.parentNode&&e.remove()}function pe(e,t,r,n,o){var a={type:e,props:t,key:r,ref:n,__k:null,__:null,__b:0,__e:null,__c:null,constructor:ee,__v:o||++Qe,__i:-1,__u:0};return!o&&x.vnode&&x.vnode(a),a}function F(e){return e.children}function de(e,t){this.props=e,this.context=t,this.__g=0}function j(e,t){if(t==null)return e.__&&j(e.__,e.__i+1);for(var r;t<e.__k.length;t++)if((r=e.__k[t])&&r.__e)return r.__e;return typeof e.type!="function"||e.props.__P?null:j(e)}function er(e){var t,r=e.__v,n=r.__e,o=[],a=[],s=e.__P;s&&((t=q({constructor:ee},r)).__v=r.__v+1,x.vnode&&x.vnode(t),Se(s,t,r,e.__n,s.namespaceURI,32&r.__u?[n]:null,o,n||j(r),32&r.__u,a),t.__v=r.__v,t.__.__k[t.__i]=t,ct(o,t,a),r.__=r.__e=null,t.__e!=n&&nt(t))}function nt(e){if((e=e.__)&&e.__c&&!e.props.__P)return e.__e=null,e.__k.some(function(t){return t&&(e.__e=t.__e)}),nt(e)}function Xe(e){(8&e.__g||(e.__g|=8,B.push(e),fe++))&&we==x.debounceRendering||((we=x.debounceRendering)||queueMicrotask)(ot)}function ot(){try{for(var e,t=1;B.length;)B.length>t&&B.sort(et),e=B.shift(),t=B.length,8&e.__g&&er(e)}finally{(fe=B.length)&&(we||queueMicrotask)(ot)}}function at(e,t,r,n,o,a,s,i,l,d,p){var f,m,c,h,y,g,v=n.__k||_e,_=t.length;for(l=tr(r,t,v,l,_),f=0;f<_;f++)(c=r.__k[f])!=null&&(m=~c.__i&&v[c.__i]||he,c.__i=f,g=Se(e,c,m,o,a,s,i,l,d,p),h=c.__e,(m.ref!=c.ref||8&m.__u)&&(m.ref&&Pe(m.ref,null,c,m),c.ref&&p.push(c.ref,c.__c||h,c)),y=y||h,4&c.__u?(l=it(c,l,e,!m.__v),m.__e&&(m.__e=null)):typeof c.type=="function"&&g!==void 0?l=g:h&&(l=h.nextSibling),c.__u&=-21);return r.__e=y,l}function tr(e,t,r,n,o){var a,s,i,l,d,p,f,m,c,h=r.length,y=h,g=0,v=0,_=e.__k=Array(o);for(a=0;a<o;a++)(s=t[a])!=null&&typeof s!="boolean"&&typeof s!="function"?(typeof s!="object"||s.constructor===String?s=_[a]=pe(null,s):Ce(s)?s=_[a]=pe(F,{children:s}):s.constructor===ee&&s.__b?s=_[a]=pe(s.type,s.props,s.key,s.ref,s.__v):_[a]=s,l=a+g,s.__=e,s.__b=e.__b+1,i=null,~(d=s.__i=rr(s,r,l,y))&&(y--,(i=r[d])&&(i.__u|=2)),i&&i.__v?(s.__u|=16,d==l-1?g--:d==l+1?g++:d!=l&&(d>l?g--:g++,v=1)):(~d||(o>h?g--:o<h&&g++),typeof s.type!="function"&&(s.__u|=4))):_[a]=null;if(v){for(p=[],f=[],a=0;a<o;a++)if((s=_[a])&&16&s.__u){for(g=0,m=p.length;g<m;)p[c=g+m>>1]<s.__i?g=c+1:m=c;p[g]=s.__i,f[a]=g+1}for(g=p.length;a--;)f[a]&&(f[a]==g?g--:_[a].__u|=4)}if(y)for(a=0;a<h;a++)!(i=r[a])||2&i.__u||(i.__e==n&&(n=j(i)),Ee(i,i));return n}function it(e,t,r,n){var o,a,s,i;if(typeof e.type=="function"){if(e.props.__P)return t;if(o=e.__k)for(a=0;a<o.length;a++)o[a]&&(o[a].__=e,t=it(o[a],t,r,!1));return t}for(t&&!t.parentNode&&(t=j(e))&&!t.parentNode&&(t=null),s=e.__e,i=t;i&&i.nodeType==8;)i=i.nextSibling;for(s!=i&&(!n&&r.moveBefore&&s.parentNode?r.moveBefore(s,t):r.insertBefore(s,t||null)),t=s;(t=t&&t.nextSibling)&&t.nodeType==8&&!t.data.startsWith("$s"););return t}function rr(e,t,r,n){var o,a=e.key,s=e.type,i=t[r],l=i&&!(2&i.__u);if(i===null&&a==null||l&&a==i.key&&s==i.type)return r;if(n>(l?1:0)){for(o=r-1;o>=0;o--)if((i=t[o])&&!(2&i.__u)&&a==i.key&&s==i.type)return o;for(o=r+1;o<t.length;o++)if((i=t[o])&&!(2&i.__u)&&a==i.key&&s==i.type)return o}return-1}function Ze(e,t,r){r==null&&(r=""),t[0]=="-"?e.setProperty(t,r):e[t]=r}function le(e,t,r,n,o){var a,s;if(t=="style")if(typeof r=="string")e.style.cssText=r;else{if(typeof n=="string"&&(e.style.cssText=n=""),n)for(t in n)r&&t in r||Ze(e.style,t);if(r)for(t in r)n&&r[t]==n[t]||Ze(e.style,t,r[t])}else if(t[0]=="o"&&t[1]=="n")typeof r!="function"&&(r=null),typeof n!="function"&&(n=null),(e.__e||(e.__e={}))[t]=r,r&&n||(s=ke[t]||(ke[t]=nr(t)),(e.__a||(e.__a={}))[t]=Ae,a=t!=(t=t.replace(tt,"$1")),(t=t.slice(2))[0]<"a"&&(t=t.toLowerCase()),r?e.addEventListener(t,s,a):e.removeEventListener(t,s,a));else{if(o=="http://www.w3.org/2000/svg")t=t.replace(/xlink(H|:h)/,"h").replace(/sName$/,"s");else if(t!="width"&&t!="height"&&t!="href"&&t!="list"&&t!="form"&&t!="tabIndex"&&t!="download"&&t!="rowSpan"&&t!="colSpan"&&t!="role"&&t!="popover"&&t in e)try{return void(e[t]=r??"")}catch{}if(typeof r=="function")return;r==null||r===!1&&t[4]!="-"?e.removeAttribute(t):e.setAttribute(t,t=="popover"&&r==1?"":r)}}function nr(e){return function(t){var r=this.__e;if(r){if(r=r[e],t[ue]==null)t[ue]=Ae++;else if(t[ue]<this.__a[e])return;return r(x.event?x.event(t):t)}}}function Se(e,t,r,n,o,a,s,i,l,d){var p,f,m,c,h,y,g,v,_,w,b,X,O,W,I,H,N,$,L=t.type;if(t.constructor!==ee)return null;128&r.__u&&(l=32&r.__u,p=r.__c.__z)&&(t.__u|=l,f=a=[],p.nodeType==8?i=me(p,a):a.push(p),i=a[0]||i),(p=x.__b)&&p(t);e:if(typeof L=="function"){m=s.length;try{if(v=t.props,_=(p=L.prototype)&&p.render,w=(p=L.contextType)&&n[p.__c],b=p?w?w.props.value:p.__:n,(c=r.__c)?(t.__c=c,2&c.__g&&(c.__g|=1)):(_?t.__c=c=new L(v,b):(t.__c=c=new de(v,b),c.constructor=L,c.render=ar),w&&w.sub(c),c.state||(c.state={}),c.__n=n,c.__g|=8,c.__h=[],c.__k=[]),_&&(c.__s||(c.__s=c.state),L.getDerivedStateFromProps&&(c.__s==c.state&&(c.__s=q({},c.__s)),q(c.__s,L.getDerivedStateFromProps(v,c.__s)))),h=c.props,y=c.state,c.__v=t,r.__c){if(v!==h&&_&&!L.getDerivedStateFromProps&&c.componentWillReceiveProps&&c.componentWillReceiveProps(v,b),t.__v==r.__v&&!(8&c.__g)||!(4&c.__g)&&c.shouldComponentUpdate&&c.shouldComponentUpdate(v,c.__s,b)===!1){t.__v!=r.__v&&(c.props=v,c.state=c.__s,c.__g&=-9),t.__e=r.__e,t.__k=r.__k,t.__k.some(function(E){E&&(E.__=t)}),_e.push.apply(c.__h,c.__k),c.__k=[],c.__h.length&&s.push(c),i=j(r);break e}c.componentWillUpdate&&c.componentWillUpdate(v,c.__s,b),_&&c.componentDidUpdate&&c.__h.push(function(){c.componentDidUpdate(h,y,g)})}else _&&!L.getDerivedStateFromProps&&c.componentWillMount&&c.componentWillMount(),_&&c.componentDidMount&&c.__h.push(c.componentDidMount);c.context=b,c.props=v,c.__P=e,c.__g&=-5,X=x.__r,O=_?25:0;do c.__g&=-9,X&&X(t),p=c.render(c.props,c.state=c.__s,c.context);while(8&c.__g&&++O<25);_&&(_e.push.apply(c.__h,c.__k),c.__k=[]),c.state=c.__s,c.getChildContext&&(n=q({},n,c.getChildContext())),_&&r.__c&&c.getSnapshotBeforeUpdate&&(g=c.getSnapshotBeforeUpdate(h,y)),W=p&&p.type===F&&p.key==null?p.props.children:p,v.__P&&(p=i,o=(e=v.__P).namespaceURI,l=a=null,r.props&&r.props.__P!=e&&(r.__k.some(function(E){E&&Ee(E,E)}),r.__k=null),i=r.__k?j(r,0):null),i=at(e,Ce(W)?W:[W],t,r,n,o,a,s,i,l,d),v.__P&&(t.__e=null,i=p),t.__u&=-161,f&&f.some(V),c.__h.length&&s.push(c),1&c.__g&&(c.__g&=-4)}catch(E){if(s.length=m,t.__v=null,l||a)if(E&&E.then){if(t.__u|=128|l,a){for(~(N=a.indexOf(i||void 0))||(N=a.length);($=a[N-1])&&$.nodeType==8;)N--;for(;N<a.length;N++)if($=a[N])if(a[N]=null,I){if($==H)break}else{if($.nodeType!=8)break;$.data.startsWith("$s")&&(H=me(I=$))}}if(!I){for(;i&&i.nodeType==8&&i.nextSibling;)i=i.nextSibling;I=i}(p=me(I=t.__c.__z||(t.__c.__z=I)))?(t.__e=I,i=p):t.__e=i,i=i&&i.nextSibling}else a&&a.some(V);else t.__e=r.__e;t.__k||(t.__k=r.__k||[]),E&&E.then||st(t),x.__e(E,t,r)}}else i=t.__e=or(r.__e,t,r,n,o,a,s,l,d,e);return(p=x.diffed)&&p(t),i}function me(e,t){if(e&&e.nodeType==8&&e.data.startsWith("$s"))for(var r=1;e=e.nextSibling;){if(e.nodeType==8){if(e.data.startsWith("$s"))r++;else if(e.data.startsWith("/$s")&&!--r)return e}t&&t.push(e)}}function st(e){e&&(e.__c&&(e.__c.__g|=4),e.__k&&e.__k.some(st))}function ct(e,t,r){for(var n=0;n<r.length;)Pe(r[n++],r[n++],r[n++]);x.__c&&x.__c(t,e),e.some(function(o){try{e=o.__h,o.__h=[],e.some(function(a){a.call(o)})}catch(a){x.__e(a,o.__v)}})}function or(e,t,r,n,o,a,s,i,l,d){var p,f,m,c,h,y,g,v,_=r.props||he,w=t.props,b=t.type;if(b=="svg"?o="http://www.w3.org/2000/svg":b=="math"?o="http://www.w3.org/1998/Math/MathML":o||(o="http://www.w3.org/1999/xhtml"),a){for(p=0;p<a.length;p++)if((h=a[p])&&(b?h.localName==b:h.nodeType==3)){e=h,a[p]=null;break}}if(!e){if(v=d.ownerDocument||document,!b)return v.createTextNode(w);e=v.createElementNS(o,b,w.is?w:d),i&&(x.__m&&x.__m(t,a),i=!1),a=null}if(b){if(d=b=="template"&&e.content||e,a=b=="textarea"&&w.defaultValue!=null?null:a&&rt.call(d.childNodes),!i&&a)for(_={},p=0;p<e.attributes.length;p++)_[(h=e.attributes[p]).name]=h.value;for(p in _)h=_[p],p=="dangerouslySetInnerHTML"?m=h:p=="children"||p in w||p=="value"&&"defaultValue"in w||p=="checked"&&"defaultChecked"in w||le(e,p,null,h,o);for(p in w)h=w[p],p=="children"?c=h:p=="dangerouslySetInnerHTML"?f=h:p=="value"?y=h:p=="checked"?g=h:i&&typeof h!="function"||_[p]===h||le(e,p,h,_[p],o);f?(i||m&&(f.__html==m.__html||f.__html==e.innerHTML)||(e.innerHTML=f.__html),t.__k=[]):(m&&(e.textContent=""),(b=="foreignObject"||o=="http://www.w3.org/1998/Math/MathML"&&Qt.test(b))&&(o="http://www.w3.org/1999/xhtml"),at(d,Ce(c)?c:[c],t,r,n,o,a,s,a?a[0]:r.__k&&j(r,0),i,l),a&&a.some(V)),i&&b!="textarea"||(p="value",b=="progress"&&y==null?e.removeAttribute(p):y==null||y===e[p]&&(b!="progress"||y)||le(e,p,y,_[p],o),p="checked",g!=null&&g!=e[p]&&le(e,p,g,_[p],o))}else _===w||i&&e.data==w||(e.data=w);return e}function Pe(e,t,r,n){try{typeof e=="function"?t?t.__x=e(t)||1:n&&(n=n.__c||n.__e)&&(t=n.__x)&&(n.__x=null,typeof t=="function"?t():e(null)):e.current=t}catch(o){x.__e(o,r)}}function Ee(e,t,r){var n,o,a,s;if(x.unmount&&x.unmount(e),!(n=e.ref)||n.current&&n.current!=e.__e||Pe(n,null,t,e),n=e.__c){if(n.componentWillUnmount)try{n.componentWillUnmount()}catch(i){x.__e(i,t)}n.__P=n.__n=null}if(n=e.__k)for(s=0;s<n.length;s++)n[s]&&Ee(n[s],t,typeof e.type!="function"||r&&!e.props.__P);!r&&(n=e.__c)&&(n=n.__z)&&(o=me(n,a=[]))&&(n==e.__e&&a.some(V),V(o),V(n)),r||V(e.__e),e.__e=e.__c=e.__=null}function ar(e,t,r){return this.constructor(e,r)}function Me(e,t){var r,n,o,a;x.__&&x.__(e,t),t.nodeType==9&&(t=t.documentElement),n=(r=e&&32&e.__u)?null:t.__k,t.__k=pe(F,{children:[e]}),o=[],a=[],Se(t,t.__k,n||he,he,t.namespaceURI,n?null:t.firstChild?rt.call(t.childNodes):null,o,n?n.__e:t.firstChild,r,a),ct(o,t.__k,a),t.__k.props.children=null}x={__e:function(e,t,r,n){for(var o,a,s;t=t.__;)if((o=t.__c)&&!(1&o.__g)){o.__g|=4;try{if((s=(a=o.constructor)&&a.getDerivedStateFromError)&&o.setState(a.getDerivedStateFromError(e)),o.componentDidCatch&&(o.componentDidCatch(e,n||{}),s=1),s&&8&o.__g)return void(o.__g|=2)}catch(i){e=i}}throw fe=0,e}},Qe=0,Xt=function(e){return e!=null&&e.constructor===ee},de.prototype.setState=function(e,t){var r=this.__s;r&&r!=this.state||(r=this.__s=q({},this.state)),typeof e=="function"&&(e=e(q({},r),this.props)),e&&(q(r,e),this.__v&&(t&&this.__k.push(t),Xe(this)))},de.prototype.forceUpdate=function(e){this.__v&&(this.__g|=4,e&&this.__h.push(e),Xe(this))},de.prototype.render=F,B=[],fe=0,et=function(e,t){return e.__v.__b-t.__v.__b},ue=Symbol(),tt=/(PointerCapture)$|Capture$/i,Ae=0,ke={},Zt=0;function Re(e){let t=new DataView(e),r=t.getUint8(6)===1?t.getUint16(8,!0):t.getUint32(8,!0),n=(t.getUint8(6)===1?10:12)+r,o=new TextDecoder("latin1").decode(new Uint8Array(e,n-r,r)),a=/'descr':\s*'([^']+)'/.exec(o)?.[1],s=(/'shape':\s*\(([^)]*)\)/.exec(o)?.[1]??"").split(",").filter(l=>l.trim()!=="").map(Number),i=e.slice(n);switch(a){case"<f4":return{shape:s,data:new Float32Array(i)};case"<f8":return{shape:s,data:new Float64Array(i)};case"<i4":return{shape:s,data:new Int32Array(i)}}throw new Error(`an array of type ${a} cannot be shown`)}var z=class extends Error{constructor(r,n,o=""){super(n);this.code=r;this.hint=o}code;hint};function G(e){return e instanceof z?e:new z("internal",String(e))}var ut="api/v1/",pt=async(e,t,r)=>{let n={method:e};r!==void 0&&(n.body=JSON.stringify(r),n.headers={"Content-Type":"application/json"});try{return await fetch(ut+t,n)}catch{throw new z("unavailable","The daemon does not answer.","It may have stopped. Open the page anew with: vectory run")}},Le=pt;function dt(e){Le=e}async function U(e,t,r){let n=await Le(e,t,r);if(!n.ok){let o=await n.json().catch(()=>null);throw new z(o?.error.code??"internal",o?.error.message??`the daemon answered ${n.status}`,o?.error.hint)}return n}async function T(e){return(await U("GET",e)).json()}var M=encodeURIComponent,A={openSession:e=>U("POST","session",{ticket:e}),spaces:async()=>(await T("spaces")).spaces,datasets:async()=>(await T("datasets")).datasets,experiments:async()=>(await T("experiments")).experiments,comparisons:async()=>(await T("comparisons")).comparisons,measures:async()=>(await T("measures")).measures,comparison:e=>T(`comparisons/${M(e)}`),items:(e,t,r)=>T(`comparisons/${M(e)}/items?order=${t}&limit=${r}&lists=true`),space:e=>T(`spaces/${M(e)}`),item:async(e,t)=>(await T(`comparisons/${M(e)}/items?row=${t}`)).items[0],values:async(e,t)=>Re(await(await U("GET",`comparisons/${M(e)}/rows?column=${M(t)}`)).arrayBuffer()),column:(e,t)=>T(`datasets/${M(e)}/columns/${M(t)}`),dataset:e=>T(`datasets/${M(e)}`),row:async(e,t)=>await T(`datasets/${M(e)}/rows?from=${t}&to=${t+1}`),layout:async e=>(await U("POST","layouts",e)).json(),frame:async(e,t)=>Re(await(await U("GET",`layouts/${M(e)}/frame?column=${M(t)}`)).arrayBuffer()),compare:async(e,t,r,n={})=>(await U("POST","comparisons",{a:e,b:t,k:r,...n})).json(),job:(e,t)=>T(`jobs/${M(e)}?wait=${t}`),cancel:e=>U("DELETE",`jobs/${M(e)}`)};function mt(e,t,r){return Le===pt?ut+ft(e,t,r):null}function ft(e,t,r){return`datasets/${M(e)}/media/${t}/${M(r)}`}var lt=new Map;function ht(e,t,r){let n=ft(e,t,r),o=lt.get(n);return o||(o=U("GET",n).then(async a=>URL.createObjectURL(await a.blob())),lt.set(n,o)),o}var _t=`:root {
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
`;var te=[[0,114,178],[230,159,0],[0,158,115],[204,121,167],[86,180,233],[150,140,20],[110,80,160],[120,85,60],[15,135,145],[190,150,220]],Y=[150,155,163],Te=null;function gt(e){Te=e}function bt(){return(Te?Te==="dark":matchMedia("(prefers-color-scheme: dark)").matches)?[240,243,248]:[20,23,28]}var Ne=[[68,1,84],[71,44,122],[59,81,139],[44,113,142],[33,144,141],[39,173,129],[92,200,99],[170,220,50],[253,231,37]];function sr(e){let t=Math.max(0,Math.min(1,e))*(Ne.length-1),r=Ne[Math.floor(t)]??Y,n=Ne[Math.ceil(t)]??Y,o=t-Math.floor(t);return[0,1,2].map(a=>Math.round((r[a]??0)*(1-o)+(n[a]??0)*o))}var xt=190;function yt(e,t,r){let n=new Array(t.length).fill(0);for(let f of e)n[f]=(n[f]??0)+1;let o=t.map((f,m)=>m).filter(f=>(n[f]??0)>0);o.length>te.length&&o.sort((f,m)=>(n[m]??0)-(n[f]??0)||f-m);let s=o.slice(0,te.length),i=new Map(s.map((f,m)=>[f,te[m]??Y])),l=new Uint8Array(4*e.length);e.forEach((f,m)=>{let c=r.size===0||r.has(t[f]??"");l.set([...i.get(f)??Y,c?xt:20],4*m)});let d=s.map(f=>({name:t[f]??"",colour:i.get(f)??Y,count:n[f]??0})),p=o.slice(te.length).reduce((f,m)=>f+(n[m]??0),0);return p>0&&d.push({name:`${o.length-te.length} others`,colour:Y,count:p}),{colours:l,keys:d,range:null}}function ge(e){let t=Number.POSITIVE_INFINITY,r=Number.NEGATIVE_INFINITY;for(let o=0;o<e.length;o++){let a=e[o]??Number.NaN;Number.isFinite(a)&&(t=Math.min(t,a),r=Math.max(r,a))}let n=new Uint8Array(4*e.length);for(let o=0;o<e.length;o++){let a=e[o]??Number.NaN,s=Number.isFinite(a)?sr(r>t?(a-t)/(r-t):.5):Y;n.set([...s,xt],4*o)}return{colours:n,keys:[],range:t<=r?[t,r]:null}}function vt(e){return e.length>12&&e.every(t=>t===""||t.trim()!==""&&Number.isFinite(Number(t)))}var ne,S,Ie,wt,Fe=Object.is,oe=0,Lt=[],$e=[],C=x,kt=C.__b,At=C.__r,Ct=C.diffed,St=C.__c,Pt=C.unmount,Et=C.__;function Be(e,t){C.__h&&C.__h(S,e,oe||t),oe=0;var r=S.__H||(S.__H={__:[],__h:[]});return e>=r.__.length&&r.__.push({}),r.__[e]}function P(e){return oe=1,cr(It,e)}function cr(e,t,r){var n=Be(ne++,2);if(n.t=e,!n.__c&&(n.__=[r?r(t):It(void 0,t),function(a){var s=(n.__N||n.__)[0],i=n.t(s,a);Fe(s,i)||(n.__N=[i,n.__[1]],n.__c.setState({}))}],n.__c=S,!S.__f)){S.__f=!0;var o=S.shouldComponentUpdate;S.shouldComponentUpdate=function(a,s,i){var l=this.__H;if(!l)return!0;var d=!1,p=this.props!=a;if(l.__.some(function(m){m.__N&&(d=!0,Fe(m.__[0],m.__N[0])||(p=!0))}),o){var f=o.call(this,a,s,i);return d?f||p:f}return!d||p}}return n.__}function R(e,t){var r=Be(ne++,3);!C.__s&&Tt(r.__H,t)&&(r.__P=!0,r.__=e,r.u=t,S.__H.__h.push(r))}function be(e){return oe=5,ae(function(){return{current:e}},[])}function ae(e,t){var r=Be(ne++,7);return Tt(r.__H,t)&&(r.__=e(),r.__H=t),r.__}function Nt(e,t){return oe=8,ae(function(){return e},t)}function lr(){var e;do{for(;e=$e.shift();)try{re(e)}catch(r){C.__e(r,{__:(e=e.__P)&&e.__v})}for(;e=Lt.shift();){var t=e.__H;if(e.__P&&t)try{t.__h.some(re),t.__h.some(ze),t.__h=[]}catch(r){t.__h=[],C.__e(r,e.__v)}}}while($e.length)}C.__b=function(e){S=null,kt&&kt(e)},C.__=function(e,t){e&&t.__k&&t.__k.__m&&(e.__m=t.__k.__m),Et&&Et(e,t)},C.__r=function(e){At&&At(e),ne=0;var t=(S=e.__c).__H;t&&(Ie==S?S.__h=[]:(t.__h.some(re),t.__h.some(ze),ne=0),t.__h=[],t.__.some(function(r){r.__N&&(r.__=r.__N),r.u=r.__N=void 0})),Ie=S},C.diffed=function(e){Ct&&Ct(e);var t=e.__c;t&&t.__H&&(t.__H.__h.length&&Rt(Lt.push(t)),t.__H.__.some(function(r){r.u&&(r.__H=r.u)})),Ie=S=null},C.__c=function(e,t){t.some(function(r){try{r.__h.some(re),r.__h=r.__h.filter(function(n){return!n.__||ze(n)})}catch(n){r.__h=[function(){throw n}]}}),St&&St(e,t)},C.unmount=function(e){Pt&&Pt(e);var t,r,n=e.__c;n&&n.__H&&(n.__H.__.some(function(o){try{if(o.__P&&o.__c){if(r===void 0){for(r=e.__;r&&(!r.__c||!r.__c.__P);)r=r.__;r=r&&r.__c}o.__P=r,Rt($e.push(o))}else re(o)}catch(a){t=a}}),n.__H=void 0,t&&C.__e(t,n.__v))};var Mt=typeof requestAnimationFrame=="function";function ur(e){var t,r=function(){clearTimeout(n),Mt&&cancelAnimationFrame(t),setTimeout(e)},n=setTimeout(r,35);Mt&&(t=requestAnimationFrame(r))}function Rt(e){e!=1&&wt==C.requestAnimationFrame||((wt=C.requestAnimationFrame)||ur)(lr)}function re(e){var t=S,r=e.__c;typeof r=="function"&&(e.__c=void 0,r()),S=t}function ze(e){var t=S;e.__c=e.__(),S=t}function Tt(e,t){return!e||e.length!=t.length||t.some(function(r,n){return!Fe(r,e[n])})}function It(e,t){return typeof t=="function"?t(e):t}function K(e,t,r){let[n,o]=P(e?e.get(t):r);return R(()=>e?.on(t,()=>o(e.get(t))),[e,t]),[n,s=>{o(s),e?.set(t,s)}]}function Ft(e,t,r,n){return R(()=>{if(!e||!t)return;let o=new Map([...t].map((s,i)=>[s,i])),a=()=>{let i=e.get("selection").map(l=>o.get(l)??-1).filter(l=>l>=0);r(i.length===1?i[0]??-1:-1),n(i.length===1?[]:i)};return a(),e.on("selection",a)},[e,t]),{select:o=>t&&e?.set("selection",o.map(a=>t[a]??-1).sort((a,s)=>a-s)),hover:o=>t&&e?.set("hovered",o<0?null:t[o]??null)}}function J(e,t){let[r,n]=P(0),[o,a]=P({value:null,error:null});R(()=>{let i=!0;return e().then(l=>i&&a({value:l,error:null}),l=>i&&a(d=>({value:d.value,error:G(l)}))),()=>{i=!1}},[...t,r]);let s=Nt(()=>n(i=>i+1),[]);return{...o,again:s}}function xe(e){return e.toLocaleString("en-US")}function je(e,t,r=`${t}s`){return`${xe(e)} ${e===1?t:r}`}function ie(e){return e!==0&&Math.abs(e)<5e-4?e.toExponential(1):e.toFixed(3)}function $t(e){return`${(100*e).toFixed(1)} %`}function Ue(e){if(!Number.isFinite(e))return"\u2013";let t=Math.abs(e);return t!==0&&(t<1e-4||t>=1e6)?e.toExponential(3):e.toPrecision(4)}function zt(e,t){let r=Array.from(e.length>4*t?e.slice(0,4*t):e);return r.length<=t?{text:e,whole:!0}:{text:`${r.slice(0,t).join("").trimEnd()}\u2026`,whole:!1}}var pr=/\.(png|jpe?g|gif|webp)$/i;function Bt(e,t){let r={media:null,text:null,facts:[]},n=Object.keys(e[0]??{}),o=16;for(let a of n){let s=e.map(d=>d[a]??"");if(s.every((d,p)=>d===t[p]))continue;let i=s.filter(d=>d!=="");if(r.media===null&&i.length>0&&i.every(d=>pr.test(d))){r.media=a;continue}let l=i.reduce((d,p)=>d+p.length,0)/Math.max(1,i.length);l<16?r.facts.push(a):l>=o&&(o=l,r.text=a)}return r.facts.sort(),r}var dr=Symbol.for("pv"),mr=0;function u(e,t,r,n,o,a){t||(t={});var s,i,l=t;if("ref"in l&&typeof e!="function")for(i in l={},t)i=="ref"?s=t[i]:l[i]=t[i];var d={type:e,props:l,key:r,ref:s,__k:null,__:null,__b:0,__e:null,__c:null,constructor:dr,__v:--mr,__i:-1,__u:0};return(o||a)&&(d.__source=o,d.__self=a),x.vnode&&x.vnode(d),d}function se({error:e,again:t}){return u("div",{class:"failure",role:"alert",children:[u("p",{children:u("strong",{children:jt(e.message)})}),e.hint&&u("p",{children:jt(e.hint)}),t&&u("button",{type:"button",onClick:t,children:"Try again"})]})}function jt(e){return e.charAt(0).toUpperCase()+e.slice(1)}function ce({what:e}){return u("p",{class:"waiting",role:"status",children:["Loading ",e," \u2026"]})}function De({text:e,limit:t}){let[r,n]=P(!1),o=zt(e,t);return o.whole?u(F,{children:e}):u(F,{children:[r?e:o.text," ",u("button",{type:"button",class:"link",onClick:()=>n(!r),children:r?"less":"more"})]})}function Dt({c:e}){return u("p",{class:"legend",children:[u("span",{class:"mark-shared",children:[u(ye,{kind:"shared"})," in both lists"]}),u("span",{class:"mark-a",children:[u(ye,{kind:"a"})," only in ",e.a]}),u("span",{class:"mark-b",children:[u(ye,{kind:"b"})," only in ",e.b]})]})}function ye({kind:e}){return u("svg",{class:"shape",viewBox:"0 0 10 10","aria-hidden":"true",children:[e==="shared"&&u("circle",{cx:"5",cy:"5",r:"4"}),e==="a"&&u("path",{d:"M5 1 9.4 9H.6Z"}),e==="b"&&u("path",{d:"M1.2 1.2h7.6v7.6H1.2Z"})]})}function Ot({item:e,a:t,b:r,k:n}){return u(fr,{items:[e],a:t,b:r,k:n})}function fr({items:e,a:t,b:r,k:n}){let o=Bt(e.map(a=>a.columns),e.map(a=>a.id));return u("ol",{class:"items",children:e.map(a=>u("li",{class:"item","data-id":a.id,children:[u("div",{class:"subject",children:u(hr,{item:a,dataset:t.dataset,shown:o,k:n})}),u("div",{class:"lists",children:[u(Ut,{side:t,list:a.a??[],shown:o}),u(Ut,{side:r,list:a.b??[],shown:o})]})]},a.id))})}function hr({item:e,dataset:t,shown:r,k:n}){return u(F,{children:[u(Wt,{dataset:t,row:e.row_a,columns:e.columns,shown:r}),u("div",{children:[u("h3",{children:e.id}),r.text&&u("p",{class:"text",children:u(De,{text:e.columns[r.text]??"",limit:240})}),u(_r,{columns:e.columns,shown:r}),u("p",{class:"agreement",children:[u("b",{children:e.shared})," of ",n," shared, Jaccard ",ie(e.jaccard)]})]})]})}function _r({columns:e,shown:t}){let r=t.facts.filter(n=>e[n]).slice(0,4);return r.length===0?null:u("p",{class:"facts",children:r.map(n=>u("span",{children:[n," ",u("b",{children:e[n]})]},n))})}function gr(e,t,r,n){let o=e&&r?mt(e,t,r):Oe,[a,s]=P(Oe);return R(()=>{let i=!0;return o===null&&e&&r&&ht(e,t,r).then(l=>i&&s(l),()=>i&&n("failed")),()=>{i=!1}},[o,e,t,r]),o??a}var Oe="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";function Wt({dataset:e,row:t,columns:r,shown:n}){let[o,a]=P("plain"),s=gr(r[n.media??""]?e:null,t,n.media,a);return!n.media||!e||!r[n.media]?null:o==="failed"?u("span",{class:"picture missing",title:`the picture ${r[n.media]} cannot be shown`,children:"?"}):u("img",{class:o==="tiny"?"picture tiny":"picture",src:s,alt:"",loading:"lazy",onLoad:i=>s!==Oe&&i.currentTarget.naturalWidth<=32&&a("tiny"),onError:()=>a("failed")})}function Ut({side:e,list:t,shown:r}){let n=r.media!==null&&r.text===null;return u("div",{class:`neighbours side-${e.which}`,children:[u("h4",{children:e.name}),u("ol",{class:n?"tiles":"lines",children:t.map(o=>u(br,{neighbour:o,side:e,shown:r},o.row))})]})}function br({neighbour:e,side:t,shown:r}){let n=e.shared?"shared":t.which,o=e.shared?"in both lists":`only in ${t.name}`,a=r.text?e.columns[r.text]:void 0,s=r.facts[0];return u("li",{class:`neighbour mark-${n}`,title:`${e.id}, distance ${Ue(e.distance)}, ${o}`,children:[u(ye,{kind:n}),u("span",{class:"hidden",children:[o,": "]}),u(Wt,{dataset:t.dataset,row:e.row,columns:e.columns,shown:r}),u("span",{class:"name",children:a?u(De,{text:a,limit:110}):r.media&&s?e.columns[s]:e.id}),u("span",{class:"distance",children:Ue(e.distance)})]})}var Q={x:.5,y:.5,zoom:1},xr=["circle","triangle","square","ring"],yr=`#version 300 es
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
}`,vr=`#version 300 es
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
}`,ve=class{constructor(t){this.canvas=t;this.gl=t.getContext("webgl2",{antialias:!1,alpha:!0}),this.gl&&(this.program=Ht(this.gl),t.addEventListener("webglcontextlost",r=>r.preventDefault()),t.addEventListener("webglcontextrestored",()=>{this.gl&&(this.program=Ht(this.gl),this.upload(),this.draw())}))}canvas;n=0;camera=Q;size=4;places=new Float32Array(0);colours=new Uint8Array(0);marks=[];queued=0;grid=null;gl;program=null;get accelerated(){return this.gl!==null}move(t){this.places=t,this.grid=null;let r=t.length/2;r!==this.n&&(this.n=r,this.colours=new Uint8Array(4*r).fill(150)),this.upload(),this.draw()}paint(t){t.length===4*this.n&&(this.colours=t,this.upload(),this.draw())}mark(t){this.marks=t.filter(r=>r.id>=0&&r.id<this.n),this.draw()}look(t){this.camera=t,this.draw()}upload(){let{gl:t,program:r}=this;t&&r&&(t.bindVertexArray(r.points),t.bindBuffer(t.ARRAY_BUFFER,r.places),t.bufferData(t.ARRAY_BUFFER,this.places,t.DYNAMIC_DRAW),t.bindBuffer(t.ARRAY_BUFFER,r.colours),t.bufferData(t.ARRAY_BUFFER,this.colours,t.DYNAMIC_DRAW))}draw(){this.queued||=requestAnimationFrame(()=>{this.queued=0,this.drawNow()})}drawNow(){let{canvas:t}=this,r=globalThis.devicePixelRatio||1,n=Math.max(1,Math.round(t.clientWidth*r)),o=Math.max(1,Math.round(t.clientHeight*r));(t.width!==n||t.height!==o)&&(t.width=n,t.height=o),this.gl&&this.program?this.drawAccelerated(this.gl,this.program,n,o,r):this.drawPlain(n,o,r)}drawAccelerated(t,r,n,o,a){if(t.viewport(0,0,n,o),t.clearColor(0,0,0,0),t.clear(t.COLOR_BUFFER_BIT),t.useProgram(r.program),t.uniform3f(r.at("camera"),this.camera.x,this.camera.y,this.camera.zoom),t.uniform2f(r.at("size"),n,o),t.uniform1f(r.at("points"),this.pointSize()),t.uniform1f(r.at("ratio"),a),t.uniform1i(r.at("marked"),0),t.bindVertexArray(r.points),t.drawArrays(t.POINTS,0,this.n),this.marks.length>0){let s=new Float32Array(8*this.marks.length);this.marks.forEach((i,l)=>{let[d,p,f]=i.colour,m=[this.places[2*i.id]??0,this.places[2*i.id+1]??0];s.set([...m,d/255,p/255,f/255,1,xr.indexOf(i.shape),i.size],8*l)}),t.uniform1i(r.at("marked"),1),t.bindVertexArray(r.marks),t.bindBuffer(t.ARRAY_BUFFER,r.marked),t.bufferData(t.ARRAY_BUFFER,s,t.DYNAMIC_DRAW),t.drawArrays(t.POINTS,0,this.marks.length)}}pointSize(){let t=Math.max(.35,Math.min(1,Math.sqrt(2e4/Math.max(this.n,1))));return Math.max(1.5,this.size*t*Math.min(2.5,this.camera.zoom**.3))}drawPlain(t,r,n){let o=this.canvas.getContext("2d");if(!o)return;o.setTransform(1,0,0,1,0,0),o.clearRect(0,0,t,r),o.scale(n,n);let a=this.pointSize(),s=Math.max(1,Math.ceil(this.n/5e4));for(let i=0;i<this.n;i+=s){let[l,d]=this.toPixel(i),[p,f,m,c]=this.colours.subarray(4*i,4*i+4);o.fillStyle=`rgb(${p} ${f} ${m} / ${(c??255)/255})`,o.fillRect(l-a/2,d-a/2,a,a)}for(let i of this.marks){let[l,d]=this.toPixel(i.id);kr(o,i,l,d)}}scale(){return Math.min(this.canvas.clientWidth,this.canvas.clientHeight)*this.camera.zoom}toPlot(t,r){let{clientWidth:n,clientHeight:o}=this.canvas,a=this.scale();return[(t-n/2)/a+this.camera.x,(o/2-r)/a+this.camera.y]}toPixel(t){let{clientWidth:r,clientHeight:n}=this.canvas,o=this.scale();return[((this.places[2*t]??0)-this.camera.x)*o+r/2,n/2-((this.places[2*t+1]??0)-this.camera.y)*o]}pick(t,r,n=8){this.grid??=new We(this.places);let[o,a]=this.toPlot(t,r);return this.grid.nearest(o,a,n/this.scale())}step(t,r,n){let o=this.places[2*t]??0,a=this.places[2*t+1]??0,s=-1,i=Number.POSITIVE_INFINITY;for(let l=0;l<this.n;l++){let d=(this.places[2*l]??0)-o,p=(this.places[2*l+1]??0)-a,f=d*r+p*n,m=Math.abs(d*n-p*r),c=d*d+p*p;l!==t&&f>0&&m<=f&&c<i&&(s=l,i=c)}return s}within(t){let r=[];for(let n=0;n<this.n;n++)wr(t,this.places[2*n]??0,this.places[2*n+1]??0)&&r.push(n);return r}};function wr(e,t,r){let n=!1,[o,a]=e.at(-1)??[0,0];for(let[s,i]of e)i>r!=a>r&&t<(o-s)*(r-i)/(a-i)+s&&(n=!n),[o,a]=[s,i];return n}function kr(e,t,r,n){let[o,a,s]=t.colour,i=t.size/2;e.fillStyle=e.strokeStyle=`rgb(${o} ${a} ${s})`,e.lineWidth=2.5,e.beginPath(),t.shape==="triangle"?(e.moveTo(r,n-i),e.lineTo(r+i,n+i),e.lineTo(r-i,n+i)):t.shape==="square"?e.rect(r-i*.8,n-i*.8,t.size*.8,t.size*.8):e.arc(r,n,t.shape==="ring"?i-1:i,0,7),t.shape==="ring"?e.stroke():e.fill()}function Ht(e){let t=e.createProgram();for(let[i,l]of[[e.VERTEX_SHADER,yr],[e.FRAGMENT_SHADER,vr]]){let d=e.createShader(i);if(!d)throw new Error("the graphics context is lost");e.shaderSource(d,l),e.compileShader(d),e.attachShader(t,d)}if(e.linkProgram(t),!e.getProgramParameter(t,e.LINK_STATUS)&&!e.isContextLost())throw new Error(e.getProgramInfoLog(t)??"the shaders do not link");e.enable(e.BLEND),e.blendFunc(e.ONE,e.ONE_MINUS_SRC_ALPHA);let r=e.createBuffer(),n=e.createBuffer(),o=e.createBuffer(),a=e.createVertexArray();e.bindVertexArray(a),e.bindBuffer(e.ARRAY_BUFFER,r),e.enableVertexAttribArray(0),e.vertexAttribPointer(0,2,e.FLOAT,!1,0,0),e.bindBuffer(e.ARRAY_BUFFER,n),e.enableVertexAttribArray(1),e.vertexAttribPointer(1,4,e.UNSIGNED_BYTE,!0,0,0);let s=e.createVertexArray();e.bindVertexArray(s),e.bindBuffer(e.ARRAY_BUFFER,o);for(let[i,l,d]of[[0,2,0],[1,4,8],[2,2,24]])e.enableVertexAttribArray(i),e.vertexAttribPointer(i,l,e.FLOAT,!1,32,d);return{program:t,points:a,marks:s,places:r,colours:n,marked:o,at:i=>e.getUniformLocation(t,i)}}var D=256,We=class{constructor(t){this.places=t;let r=t.length/2;this.ids=new Uint32Array(r);let n=new Uint32Array(r);for(let a=0;a<r;a++){let s=Z(t[2*a+1]??0)*D+Z(t[2*a]??0);n[a]=s,this.start[s+1]=(this.start[s+1]??0)+1}for(let a=0;a<D*D;a++)this.start[a+1]=(this.start[a+1]??0)+(this.start[a]??0);let o=this.start.slice(0,-1);for(let a=0;a<r;a++){let s=n[a]??0;this.ids[o[s]??0]=a,o[s]=(o[s]??0)+1}}places;start=new Uint32Array(D*D+1);ids;nearest(t,r,n){let o=-1,a=n*n;for(let s=Z(r-n);s<=Z(r+n);s++)for(let i=Z(t-n);i<=Z(t+n);i++){let l=s*D+i;for(let d=this.start[l]??0;d<(this.start[l+1]??0);d++){let p=this.ids[d]??0,f=((this.places[2*p]??0)-t)**2+((this.places[2*p+1]??0)-r)**2;f<=a&&(o=p,a=f)}}return o}};function Z(e){return Math.max(0,Math.min(D-1,Math.floor(e*D)))}function qe(e){let t=be(null),r=be(null),n=be(e);return n.current=e,R(()=>{let o=t.current;if(!o)return;let a=new ve(o);r.current=a,He.set(e.side,a);let s=new ResizeObserver(()=>a.draw());s.observe(o);let i=Ar(o,a,n);return()=>{s.disconnect(),i(),He.delete(e.side)}},[]),R(()=>{e.places&&r.current?.move(e.places),e.colours&&r.current?.paint(e.colours)},[e.places,e.colours]),R(()=>r.current?.mark(e.marks),[e.marks,e.places]),R(()=>r.current?.look(e.camera),[e.camera]),u("figure",{class:`plot-frame side-${e.side}`,children:[u("figcaption",{children:u("span",{class:`space-${e.side}`,children:e.name})}),u("canvas",{ref:t,class:"points","data-side":e.side,tabIndex:0,role:"application","aria-label":`Map of ${e.name}`,"aria-describedby":"map-help",onKeyDown:o=>r.current&&Cr(o,r.current,n.current)})]})}var He=new Map;Object.assign(globalThis,{vectoryPlots:He});var Vt=10;function Ar(e,t,r){let n=null,o=null,a=!1,s=m=>{let c=e.getBoundingClientRect();return[m.clientX-c.left,m.clientY-c.top]},i=m=>{e.setPointerCapture(m.pointerId);let[c,h]=s(m);a=!1,m.shiftKey?o=[t.toPlot(c,h)]:n={x:c,y:h,camera:r.current.camera}},l=m=>{let[c,h]=s(m);if(o){o.push(t.toPlot(c,h));return}if(!n){r.current.hover(t.pick(c,h,Vt));return}if(a||=Math.hypot(c-n.x,h-n.y)>3,a){let y=Math.min(e.clientWidth,e.clientHeight)*n.camera.zoom;r.current.setCamera({...n.camera,x:n.camera.x-(c-n.x)/y,y:n.camera.y+(h-n.y)/y})}},d=m=>{let[c,h]=s(m);o&&o.length>2?r.current.lasso(t.within(o)):n&&!a&&r.current.choose(t.pick(c,h,Vt)),o=null,n=null},p=m=>{if(!e.matches(":focus")&&!m.ctrlKey)return;m.preventDefault();let[c,h]=s(m);r.current.setCamera(Ve(t,r.current.camera,Math.exp(-m.deltaY*.0015),c,h))},f=()=>r.current.hover(-1);return e.addEventListener("pointerdown",i),e.addEventListener("pointermove",l),e.addEventListener("pointerup",d),e.addEventListener("pointerleave",f),e.addEventListener("wheel",p,{passive:!1}),()=>{e.removeEventListener("pointerdown",i),e.removeEventListener("pointermove",l),e.removeEventListener("pointerup",d),e.removeEventListener("pointerleave",f),e.removeEventListener("wheel",p)}}function Ve(e,t,r,n,o){let a=Math.max(.5,Math.min(400,t.zoom*r)),[s,i]=e.toPlot(n,o),l=t.zoom/a;return{zoom:a,x:s+(t.x-s)*l,y:i+(t.y-i)*l}}function Cr(e,t,r){let{camera:n}=r,a={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,1],ArrowDown:[0,-1]}[e.key],s=[t.canvas.clientWidth/2,t.canvas.clientHeight/2];if(a&&e.shiftKey)r.setCamera({...n,x:n.x+.1*a[0]/n.zoom,y:n.y+.1*a[1]/n.zoom});else if(a){let i=r.chosen<0?t.pick(...s,t.canvas.clientWidth):t.step(r.chosen,a[0],a[1]);i>=0&&r.choose(i)}else if(e.key==="+"||e.key==="=")r.setCamera(Ve(t,n,1.4,...s));else if(e.key==="-")r.setCamera(Ve(t,n,1/1.4,...s));else if(e.key==="0")r.setCamera(Q);else if(e.key==="Escape")r.choose(-1),r.lasso([]);else if(e.key.toLowerCase()==="b")t.canvas.getRootNode().querySelector(`canvas.points[data-side="${r.side==="a"?"b":"a"}"]`)?.focus();else return;e.preventDefault()}var Sr={"joint-umap":"together (joint UMAP)",umap:"each by itself (UMAP)",pca:"principal components"};function Yt({c:e,link:t=null}){let[r,n]=P("joint-umap"),[o,a]=K(t,"colour",""),[s,i]=P(Q),[l,d]=P(-1),[p,f]=P(-1),[m,c]=P([]),[h,y]=P(new Set),[g,v]=K(t,"k",e.k),_=Math.min(g,e.k),{map:w,rows:b,layout:X,progress:O,error:W}=zr(e,r),I=Ft(t,b?.a??null,d,c),H=J(()=>Promise.all([A.space(e.a),A.space(e.b)]),[e.a,e.b]),N=H.value?.[0].dataset??null,$=J(async()=>N?(await A.dataset(N)).columns:[],[N]),L=Fr(e,b,N,o,h,m),E=Ir(e,b,l),Ye=ae(()=>Tr(E,b,l,_),[E,b,l,_]);if(R(()=>d(-1),[r]),W)return u(se,{error:W});let Kt=k=>{d(k),I.select(k<0?[]:[k])},Ke=k=>{c(k),I.select(k)},Je={camera:s,setCamera:i,chosen:l,choose:Kt,hover:k=>{f(k),I.hover(k)},lasso:Ke};return u("div",{class:"maps",children:[u("div",{class:"tools",children:[u("label",{children:[u("span",{children:"Laid out"}),u("select",{value:r,onChange:k=>n(k.currentTarget.value),children:Object.entries(Sr).map(([k,Jt])=>u("option",{value:k,children:Jt},k))})]}),u("label",{children:[u("span",{children:"Colour"}),u("select",{value:o,onChange:k=>{y(new Set),a(k.currentTarget.value)},children:[u("option",{value:"",children:"none"}),u("option",{value:"=jaccard",children:"agreement (Jaccard)"}),u("option",{value:"=moved",children:"how far it moved"}),($.value??[]).map(k=>u("option",{value:k,children:k},k))]})]}),u("label",{class:"slider",children:[u("span",{children:["Neighbours: ",u("b",{children:_})]}),u("input",{type:"range",min:"1",max:e.k,value:_,onInput:k=>v(Number(k.currentTarget.value))})]}),u("button",{type:"button",onClick:()=>i(Q),children:"Whole map"})]}),u("div",{class:"pair-of-plots",children:[u(qe,{name:e.a,side:"a",places:w?.a??null,colours:L?.colours??null,marks:Ye.a,...Je}),u(qe,{name:e.b,side:"b",places:w?.b??null,colours:L?.colours??null,marks:Ye.b,...Je})]}),u("p",{id:"map-help",class:"muted help",children:"Click an item: its neighbours in both spaces. Drag to move, wheel to zoom (click a map first), Shift and drag for a lasso; keys: arrows, + \u2212 0, B for the other map, Esc."}),O&&u("p",{class:"progress",role:"status",children:[u("progress",{value:O.share})," ",O.stage]}),L&&u(Er,{painted:L,shown:h,setShown:y}),u("p",{class:"status","aria-live":"polite",children:Mr(b,l,p,m,E,_)}),X&&u(Pr,{layout:X}),m.length>0&&u("p",{children:[je(m.length,"item")," selected"," ",u("button",{type:"button",class:"link",onClick:()=>Ke([]),children:"clear"})]}),E&&H.value&&u("div",{class:"chosen",children:[u(Dt,{c:e}),u(Ot,{item:Ge(E,_),a:qt(e.a,"a",H.value[0].dataset),b:qt(e.b,"b",H.value[1].dataset),k:_})]}),!w&&!O&&u(ce,{what:"the maps"})]})}function qt(e,t,r){return{name:e,which:t,dataset:r}}function Pr({layout:e}){return e.state!=="done"||!e.quality?null:u("p",{class:"muted honesty",children:[e.quality.map((t,r)=>u("span",{children:[e.spaces[r],": ",$t(t.recall_15)," of the 15 nearest are near on the map, trustworthiness"," ",ie(t.trustworthiness),"."," "]},e.spaces[r])),e.null_band!==null&&e.displacement!==null&&u("span",{children:["The median item moved by ",e.displacement.toFixed(3)," of the map's radius; below"," ",e.null_band.toFixed(3)," movement means nothing."]})]})}function Er({painted:e,shown:t,setShown:r}){let n=o=>{let a=new Set(t);a.delete(o)||a.add(o),r(a)};return u("div",{class:"keys",children:[e.range&&u("span",{children:[e.range[0].toPrecision(3)," ",u("span",{class:"ramp","aria-hidden":"true"})," ",e.range[1].toPrecision(3)]}),e.keys.map(o=>u("button",{type:"button",class:"key","aria-pressed":t.has(o.name),onClick:()=>n(o.name),children:[u("svg",{class:"swatch",viewBox:"0 0 10 10","aria-hidden":"true",fill:`rgb(${o.colour.join(" ")})`,children:u("circle",{cx:"5",cy:"5",r:"5"})}),o.name," ",u("span",{class:"muted",children:xe(o.count)})]},o.name))]})}function Mr(e,t,r,n,o,a){if(!e)return"";if(o&&t>=0){let s=Ge(o,a);return`${o.id}: ${s.shared} of ${a} neighbours shared, Jaccard ${ie(s.jaccard)}`}return r>=0?`row ${e.a[r]}`:n.length>0?"":`${je(e.a.length,"item")} on both maps`}function Ge(e,t){let r=(e.a??[]).slice(0,t),n=(e.b??[]).slice(0,t),o=new Set(r.map(i=>i.id)),a=new Set(n.map(i=>i.id)),s=r.filter(i=>a.has(i.id)).length;return{...e,a:r.map(i=>({...i,shared:a.has(i.id)})),b:n.map(i=>({...i,shared:o.has(i.id)})),shared:s,jaccard:s/(2*t-s)}}var Rr=[194,24,31],Lr=[176,104,0],Nr=[151,71,122];function Tr(e,t,r,n){if(!e||!t||r<0)return{a:[],b:[]};let o=new Map([...t.a].map((l,d)=>[l,d])),a=new Map([...t.b].map((l,d)=>[l,d])),s=Ge(e,n),i=[];for(let l of s.a??[])i.push({id:o.get(l.row)??-1,shape:l.shared?"circle":"triangle",colour:l.shared?Rr:Lr,size:l.shared?11:13});for(let l of s.b??[])l.shared||i.push({id:a.get(l.row)??-1,shape:"square",colour:Nr,size:12});return i.sort((l,d)=>+(l.shape==="circle")-+(d.shape==="circle")),i.push({id:r,shape:"ring",colour:bt(),size:20}),{a:i,b:i}}function Ir(e,t,r){let n=r>=0?t?.a[r]??-1:-1,[o,a]=P({row:-1,item:null});return R(()=>{let s=!0;return n>=0&&A.item(e.key,n).then(i=>s&&a({row:n,item:i??null}),()=>s&&a({row:n,item:null})),()=>{s=!1}},[e.key,n]),n>=0&&o.row===n?o.item:null}function Fr(e,t,r,n,o,a){let s=J(async()=>{if(n==="=jaccard"){let[i,l]=await Promise.all([A.values(e.key,"jaccard"),A.values(e.key,"row_a")]);return{numbers:new Map([...l.data].map((d,p)=>[d,i.data[p]??Number.NaN]))}}return n&&!n.startsWith("=")&&r?{column:await A.column(r,n)}:{}},[e.key,r,n]);return ae(()=>{if(!t)return null;let i=t.a.length,l,d=s.value;if(n==="=moved")l=ge(t.moved);else if(d?.numbers&&n==="=jaccard")l=ge(Array.from(t.a,p=>d.numbers?.get(p)??Number.NaN));else if(d?.column&&d.column.column===n){let{codes:p,values:f}=d.column,m=Array.from(t.a,c=>p[c]??0);l=vt(f)?ge(m.map(c=>f[c]===""?Number.NaN:Number(f[c]))):yt(m,f,o)}else{let p=new Uint8Array(4*i);for(let f=0;f<i;f++)p.set([91,143,201,150],4*f);l={colours:p,keys:[],range:null}}return a.length>0?{...l,colours:$r(l.colours,a)}:l},[t,s.value,n,o,a])}function $r(e,t){let r=e.slice(),n=new Set(t);for(let o=0;o<r.length/4;o++)n.has(o)||(r[4*o+3]=Math.min(r[4*o+3]??0,25));return r}function zr(e,t){let r={map:null,rows:null,layout:null,progress:null,error:null},[n,o]=P(r);return R(()=>{let a=!0,s=i=>a&&o(l=>({...l,...i}));return o(r),Br(e,t,()=>a,s).catch(i=>s({error:G(i),progress:null})),()=>{a=!1}},[e.key,t]),n}async function Br(e,t,r,n){let o={spaces:[e.a,e.b],method:t,...e.metric_a===e.metric_b?{metric:e.metric_a}:{}},a=await A.layout(o);for(;a.job&&r();){let m=await A.job(a.job.id,1);if(n({progress:{share:m.progress,stage:m.stage}}),m.state==="failed"||m.state==="canceled")throw G(m.error?Object.assign(new Error(m.error.message),m.error):"the layout was canceled");if(m.state==="done"){a=await A.layout(o);continue}let c=a.layout?.id;if(c){let h=await Promise.all([A.frame(c,"coords_a"),A.frame(c,"coords_b")]).catch(()=>null);h&&n({map:Gt(h[0].data,h[1].data)})}}let s=a.layout;if(!s||!r())return;let[i,l,d,p,f]=await Promise.all(["coords_a","coords_b","row_a","row_b","displacement"].map(m=>A.frame(s.id,m)));i&&l&&d&&p&&f&&n({map:Gt(i.data,l.data),rows:{a:d.data,b:p.data,moved:f.data},layout:s,progress:null})}function Gt(e,t){let r=[Number.POSITIVE_INFINITY,Number.POSITIVE_INFINITY],n=[Number.NEGATIVE_INFINITY,Number.NEGATIVE_INFINITY];for(let s of[e,t])s.forEach((i,l)=>{let d=l%2;r[d]=Math.min(r[d],i),n[d]=Math.max(n[d],i)});let o=Math.max(n[0]-r[0],n[1]-r[1],1e-9)/.94,a=s=>Float32Array.from(s,(i,l)=>{let d=l%2;return .5+(i-(r[d]+n[d])/2)/o});return{a:a(e),b:a(t)}}var Zn={render:jr};function jr({model:e,el:t}){let r=t.shadowRoot??t.attachShadow({mode:"open"}),n=document.createElement("style"),o=document.createElement("div");o.className="vectory",n.textContent=qr(_t),r.replaceChildren(n,o),t.setAttribute("data-lm-suppress-shortcuts","true");let a=Gr(t),s=Vr(e);return dt(s.carrier),Me(u(Ur,{link:Or(e)}),o),()=>{Me(null,o),s.close(),a()}}function Ur({link:e}){let[t]=K(e,"comparison",""),[r]=K(e,"k",10),[n]=K(e,"height",460),o=J(()=>Dr(t,r),[t,r]);return u("div",{style:`--map-height: ${n}px`,children:[o.error&&u(se,{error:o.error,again:o.again}),o.value?u(Yt,{c:o.value,link:e}):!o.error&&u(ce,{what:"the comparison"})]})}async function Dr(e,t){let r=await A.comparison(e);if(t<=r.k)return r;let n=await A.compare(r.a,r.b,t,{metric_a:r.metric_a,metric_b:r.metric_b});for(;!n.comparison&&n.job;){let o=await A.job(n.job.id,10);if(o.error)throw new z(o.error.code,o.error.message,o.error.hint);o.state==="done"&&(n={comparison:await A.comparison(o.result??"")})}if(!n.comparison)throw G("the comparison was canceled");return n.comparison}function Or(e){return{get:t=>e.get(t),set:(t,r)=>{e.set(t,r),e.save_changes()},on:(t,r)=>(e.on(`change:${t}`,r),()=>e.off(`change:${t}`,r))}}var Wr=3e4,Hr=0;function Vr(e){let t=`${Date.now().toString(36)}-${Hr++}`,r=new Map,n=0,o=(s,i)=>{r.get(s.id)?.(s,i[0]??new ArrayBuffer(0)),r.delete(s.id)};return e.on("msg:custom",o),{carrier:(s,i,l)=>new Promise((d,p)=>{let f=`${t}-${n++}`,m=setTimeout(()=>{r.delete(f),p(new z("unavailable","The kernel does not answer.","Run the cell again."))},Wr);r.set(f,({status:c,headers:h},y)=>{clearTimeout(m),d(new Response(c===204?null:y,{status:c,headers:h}))}),e.send({id:f,method:s,path:i,body:l??null})}),close:()=>e.off("msg:custom",o)}}function qr(e){let t=/prefers-color-scheme:\s*dark\)\s*\{\s*:root\s*\{([^}]*)\}/.exec(e)?.[1]??"",r=/:root\s*\{([^}]*)\}/.exec(e)?.[1]??"";return`${e.replaceAll(":root",":host").replace(/(^|\})\s*body\s*\{/,"$1.vectory{")}
:host([data-theme="light"]){${r};color-scheme:light}
:host([data-theme="dark"]){${r};${t};color-scheme:dark}
.vectory{background:none}.maps{border:0;padding:4px;box-shadow:none;background:none}
canvas.points{aspect-ratio:auto;height:var(--map-height,460px)}`}function Gr(e){let t=()=>{let n=document.body?.getAttribute("data-jp-theme-light"),o=document.body?.getAttribute("data-vscode-theme-kind"),a=n?n==="true"?"light":"dark":o?o.includes("light")?"light":"dark":null;gt(a),a&&e.setAttribute("data-theme",a)};t();let r=new MutationObserver(t);return r.observe(document.body,{attributes:!0}),()=>r.disconnect()}export{Zn as default};
