var v,ut,on,G,Te,be,pt,fe,dt,$e,Ie,an,oe=Symbol.for("pv"),ye={},xe=[],sn=/^m(i|n|o|s|text|space)$/,Fe=Array.isArray,mt=xe.slice,Z=Object.assign;function X(e){e&&e.parentNode&&e.remove()}function he(e,t,n,r,o){var a={type:e,props:t,key:n,ref:r,__k:null,__:null,__b:0,__e:null,__c:null,constructor:oe,__v:o||++ut,__i:-1,__u:0};return!o&&v.vnode&&v.vnode(a),a}function B(e){return e.children}function _e(e,t){this.props=e,this.context=t,this.__g=0}function Y(e,t){if(t==null)return e.__&&Y(e.__,e.__i+1);for(var n;t<e.__k.length;t++)if((n=e.__k[t])&&n.__e)return n.__e;return typeof e.type!="function"||e.props.__P?null:Y(e)}function ln(e){var t,n=e.__v,r=n.__e,o=[],a=[],s=e.__P;s&&((t=Z({constructor:oe},n)).__v=n.__v+1,v.vnode&&v.vnode(t),ze(s,t,n,e.__n,s.namespaceURI,32&n.__u?[r]:null,o,r||Y(n),32&n.__u,a),t.__v=n.__v,t.__.__k[t.__i]=t,yt(o,t,a),n.__=n.__e=null,t.__e!=r&&ft(t))}function ft(e){if((e=e.__)&&e.__c&&!e.props.__P)return e.__e=null,e.__k.some(function(t){return t&&(e.__e=t.__e)}),ft(e)}function lt(e){(8&e.__g||(e.__g|=8,G.push(e),be++))&&Te==v.debounceRendering||((Te=v.debounceRendering)||queueMicrotask)(ht)}function ht(){try{for(var e,t=1;G.length;)G.length>t&&G.sort(pt),e=G.shift(),t=G.length,8&e.__g&&ln(e)}finally{(be=G.length)&&(Te||queueMicrotask)(ht)}}function _t(e,t,n,r,o,a,s,i,u,d,p){var f,m,c,h,x,b,w=r.__k||xe,_=t.length;for(u=cn(n,t,w,u,_),f=0;f<_;f++)(c=n.__k[f])!=null&&(m=~c.__i&&w[c.__i]||ye,c.__i=f,b=ze(e,c,m,o,a,s,i,u,d,p),h=c.__e,(m.ref!=c.ref||8&m.__u)&&(m.ref&&je(m.ref,null,c,m),c.ref&&p.push(c.ref,c.__c||h,c)),x=x||h,4&c.__u?(u=gt(c,u,e,!m.__v),m.__e&&(m.__e=null)):typeof c.type=="function"&&b!==void 0?u=b:h&&(u=h.nextSibling),c.__u&=-21);return n.__e=x,u}function cn(e,t,n,r,o){var a,s,i,u,d,p,f,m,c,h=n.length,x=h,b=0,w=0,_=e.__k=Array(o);for(a=0;a<o;a++)(s=t[a])!=null&&typeof s!="boolean"&&typeof s!="function"?(typeof s!="object"||s.constructor===String?s=_[a]=he(null,s):Fe(s)?s=_[a]=he(B,{children:s}):s.constructor===oe&&s.__b?s=_[a]=he(s.type,s.props,s.key,s.ref,s.__v):_[a]=s,u=a+b,s.__=e,s.__b=e.__b+1,i=null,~(d=s.__i=un(s,n,u,x))&&(x--,(i=n[d])&&(i.__u|=2)),i&&i.__v?(s.__u|=16,d==u-1?b--:d==u+1?b++:d!=u&&(d>u?b--:b++,w=1)):(~d||(o>h?b--:o<h&&b++),typeof s.type!="function"&&(s.__u|=4))):_[a]=null;if(w){for(p=[],f=[],a=0;a<o;a++)if((s=_[a])&&16&s.__u){for(b=0,m=p.length;b<m;)p[c=b+m>>1]<s.__i?b=c+1:m=c;p[b]=s.__i,f[a]=b+1}for(b=p.length;a--;)f[a]&&(f[a]==b?b--:_[a].__u|=4)}if(x)for(a=0;a<h;a++)!(i=n[a])||2&i.__u||(i.__e==r&&(r=Y(i)),Be(i,i));return r}function gt(e,t,n,r){var o,a,s,i;if(typeof e.type=="function"){if(e.props.__P)return t;if(o=e.__k)for(a=0;a<o.length;a++)o[a]&&(o[a].__=e,t=gt(o[a],t,n,!1));return t}for(t&&!t.parentNode&&(t=Y(e))&&!t.parentNode&&(t=null),s=e.__e,i=t;i&&i.nodeType==8;)i=i.nextSibling;for(s!=i&&(!r&&n.moveBefore&&s.parentNode?n.moveBefore(s,t):n.insertBefore(s,t||null)),t=s;(t=t&&t.nextSibling)&&t.nodeType==8&&!t.data.startsWith("$s"););return t}function un(e,t,n,r){var o,a=e.key,s=e.type,i=t[n],u=i&&!(2&i.__u);if(i===null&&a==null||u&&a==i.key&&s==i.type)return n;if(r>(u?1:0)){for(o=n-1;o>=0;o--)if((i=t[o])&&!(2&i.__u)&&a==i.key&&s==i.type)return o;for(o=n+1;o<t.length;o++)if((i=t[o])&&!(2&i.__u)&&a==i.key&&s==i.type)return o}return-1}function ct(e,t,n){n==null&&(n=""),t[0]=="-"?e.setProperty(t,n):e[t]=n}function me(e,t,n,r,o){var a,s;if(t=="style")if(typeof n=="string")e.style.cssText=n;else{if(typeof r=="string"&&(e.style.cssText=r=""),r)for(t in r)n&&t in n||ct(e.style,t);if(n)for(t in n)r&&n[t]==r[t]||ct(e.style,t,n[t])}else if(t[0]=="o"&&t[1]=="n")typeof n!="function"&&(n=null),typeof r!="function"&&(r=null),(e.__e||(e.__e={}))[t]=n,n&&r||(s=Ie[t]||(Ie[t]=pn(t)),(e.__a||(e.__a={}))[t]=$e,a=t!=(t=t.replace(dt,"$1")),(t=t.slice(2))[0]<"a"&&(t=t.toLowerCase()),n?e.addEventListener(t,s,a):e.removeEventListener(t,s,a));else{if(o=="http://www.w3.org/2000/svg")t=t.replace(/xlink(H|:h)/,"h").replace(/sName$/,"s");else if(t!="width"&&t!="height"&&t!="href"&&t!="list"&&t!="form"&&t!="tabIndex"&&t!="download"&&t!="rowSpan"&&t!="colSpan"&&t!="role"&&t!="popover"&&t in e)try{return void(e[t]=n??"")}catch{}if(typeof n=="function")return;n==null||n===!1&&t[4]!="-"?e.removeAttribute(t):e.setAttribute(t,t=="popover"&&n==1?"":n)}}function pn(e){return function(t){var n=this.__e;if(n){if(n=n[e],t[fe]==null)t[fe]=$e++;else if(t[fe]<this.__a[e])return;return n(v.event?v.event(t):t)}}}function ze(e,t,n,r,o,a,s,i,u,d){var p,f,m,c,h,x,b,w,_,S,y,W,z,U,T,R,I,j,N=t.type;if(t.constructor!==oe)return null;128&n.__u&&(u=32&n.__u,p=n.__c.__z)&&(t.__u|=u,f=a=[],p.nodeType==8?i=ge(p,a):a.push(p),i=a[0]||i),(p=v.__b)&&p(t);e:if(typeof N=="function"){m=s.length;try{if(w=t.props,_=(p=N.prototype)&&p.render,S=(p=N.contextType)&&r[p.__c],y=p?S?S.props.value:p.__:r,(c=n.__c)?(t.__c=c,2&c.__g&&(c.__g|=1)):(_?t.__c=c=new N(w,y):(t.__c=c=new _e(w,y),c.constructor=N,c.render=mn),S&&S.sub(c),c.state||(c.state={}),c.__n=r,c.__g|=8,c.__h=[],c.__k=[]),_&&(c.__s||(c.__s=c.state),N.getDerivedStateFromProps&&(c.__s==c.state&&(c.__s=Z({},c.__s)),Z(c.__s,N.getDerivedStateFromProps(w,c.__s)))),h=c.props,x=c.state,c.__v=t,n.__c){if(w!==h&&_&&!N.getDerivedStateFromProps&&c.componentWillReceiveProps&&c.componentWillReceiveProps(w,y),t.__v==n.__v&&!(8&c.__g)||!(4&c.__g)&&c.shouldComponentUpdate&&c.shouldComponentUpdate(w,c.__s,y)===!1){t.__v!=n.__v&&(c.props=w,c.state=c.__s,c.__g&=-9),t.__e=n.__e,t.__k=n.__k,t.__k.some(function(g){g&&(g.__=t)}),xe.push.apply(c.__h,c.__k),c.__k=[],c.__h.length&&s.push(c),i=Y(n);break e}c.componentWillUpdate&&c.componentWillUpdate(w,c.__s,y),_&&c.componentDidUpdate&&c.__h.push(function(){c.componentDidUpdate(h,x,b)})}else _&&!N.getDerivedStateFromProps&&c.componentWillMount&&c.componentWillMount(),_&&c.componentDidMount&&c.__h.push(c.componentDidMount);c.context=y,c.props=w,c.__P=e,c.__g&=-5,W=v.__r,z=_?25:0;do c.__g&=-9,W&&W(t),p=c.render(c.props,c.state=c.__s,c.context);while(8&c.__g&&++z<25);_&&(xe.push.apply(c.__h,c.__k),c.__k=[]),c.state=c.__s,c.getChildContext&&(r=Z({},r,c.getChildContext())),_&&n.__c&&c.getSnapshotBeforeUpdate&&(b=c.getSnapshotBeforeUpdate(h,x)),U=p&&p.type===B&&p.key==null?p.props.children:p,w.__P&&(p=i,o=(e=w.__P).namespaceURI,u=a=null,n.props&&n.props.__P!=e&&(n.__k.some(function(g){g&&Be(g,g)}),n.__k=null),i=n.__k?Y(n,0):null),i=_t(e,Fe(U)?U:[U],t,n,r,o,a,s,i,u,d),w.__P&&(t.__e=null,i=p),t.__u&=-161,f&&f.some(X),c.__h.length&&s.push(c),1&c.__g&&(c.__g&=-4)}catch(g){if(s.length=m,t.__v=null,u||a)if(g&&g.then){if(t.__u|=128|u,a){for(~(I=a.indexOf(i||void 0))||(I=a.length);(j=a[I-1])&&j.nodeType==8;)I--;for(;I<a.length;I++)if(j=a[I])if(a[I]=null,T){if(j==R)break}else{if(j.nodeType!=8)break;j.data.startsWith("$s")&&(R=ge(T=j))}}if(!T){for(;i&&i.nodeType==8&&i.nextSibling;)i=i.nextSibling;T=i}(p=ge(T=t.__c.__z||(t.__c.__z=T)))?(t.__e=T,i=p):t.__e=i,i=i&&i.nextSibling}else a&&a.some(X);else t.__e=n.__e;t.__k||(t.__k=n.__k||[]),g&&g.then||bt(t),v.__e(g,t,n)}}else i=t.__e=dn(n.__e,t,n,r,o,a,s,u,d,e);return(p=v.diffed)&&p(t),i}function ge(e,t){if(e&&e.nodeType==8&&e.data.startsWith("$s"))for(var n=1;e=e.nextSibling;){if(e.nodeType==8){if(e.data.startsWith("$s"))n++;else if(e.data.startsWith("/$s")&&!--n)return e}t&&t.push(e)}}function bt(e){e&&(e.__c&&(e.__c.__g|=4),e.__k&&e.__k.some(bt))}function yt(e,t,n){for(var r=0;r<n.length;)je(n[r++],n[r++],n[r++]);v.__c&&v.__c(t,e),e.some(function(o){try{e=o.__h,o.__h=[],e.some(function(a){a.call(o)})}catch(a){v.__e(a,o.__v)}})}function dn(e,t,n,r,o,a,s,i,u,d){var p,f,m,c,h,x,b,w,_=n.props||ye,S=t.props,y=t.type;if(y=="svg"?o="http://www.w3.org/2000/svg":y=="math"?o="http://www.w3.org/1998/Math/MathML":o||(o="http://www.w3.org/1999/xhtml"),a){for(p=0;p<a.length;p++)if((h=a[p])&&(y?h.localName==y:h.nodeType==3)){e=h,a[p]=null;break}}if(!e){if(w=d.ownerDocument||document,!y)return w.createTextNode(S);e=w.createElementNS(o,y,S.is?S:d),i&&(v.__m&&v.__m(t,a),i=!1),a=null}if(y){if(d=y=="template"&&e.content||e,a=y=="textarea"&&S.defaultValue!=null?null:a&&mt.call(d.childNodes),!i&&a)for(_={},p=0;p<e.attributes.length;p++)_[(h=e.attributes[p]).name]=h.value;for(p in _)h=_[p],p=="dangerouslySetInnerHTML"?m=h:p=="children"||p in S||p=="value"&&"defaultValue"in S||p=="checked"&&"defaultChecked"in S||me(e,p,null,h,o);for(p in S)h=S[p],p=="children"?c=h:p=="dangerouslySetInnerHTML"?f=h:p=="value"?x=h:p=="checked"?b=h:i&&typeof h!="function"||_[p]===h||me(e,p,h,_[p],o);f?(i||m&&(f.__html==m.__html||f.__html==e.innerHTML)||(e.innerHTML=f.__html),t.__k=[]):(m&&(e.textContent=""),(y=="foreignObject"||o=="http://www.w3.org/1998/Math/MathML"&&sn.test(y))&&(o="http://www.w3.org/1999/xhtml"),_t(d,Fe(c)?c:[c],t,n,r,o,a,s,a?a[0]:n.__k&&Y(n,0),i,u),a&&a.some(X)),i&&y!="textarea"||(p="value",y=="progress"&&x==null?e.removeAttribute(p):x==null||x===e[p]&&(y!="progress"||x)||me(e,p,x,_[p],o),p="checked",b!=null&&b!=e[p]&&me(e,p,b,_[p],o))}else _===S||i&&e.data==S||(e.data=S);return e}function je(e,t,n,r){try{typeof e=="function"?t?t.__x=e(t)||1:r&&(r=r.__c||r.__e)&&(t=r.__x)&&(r.__x=null,typeof t=="function"?t():e(null)):e.current=t}catch(o){v.__e(o,n)}}function Be(e,t,n){var r,o,a,s;if(v.unmount&&v.unmount(e),!(r=e.ref)||r.current&&r.current!=e.__e||je(r,null,t,e),r=e.__c){if(r.componentWillUnmount)try{r.componentWillUnmount()}catch(i){v.__e(i,t)}r.__P=r.__n=null}if(r=e.__k)for(s=0;s<r.length;s++)r[s]&&Be(r[s],t,typeof e.type!="function"||n&&!e.props.__P);!n&&(r=e.__c)&&(r=r.__z)&&(o=ge(r,a=[]))&&(r==e.__e&&a.some(X),X(o),X(r)),n||X(e.__e),e.__e=e.__c=e.__=null}function mn(e,t,n){return this.constructor(e,n)}function Oe(e,t){var n,r,o,a;v.__&&v.__(e,t),t.nodeType==9&&(t=t.documentElement),r=(n=e&&32&e.__u)?null:t.__k,t.__k=he(B,{children:[e]}),o=[],a=[],ze(t,t.__k,r||ye,ye,t.namespaceURI,r?null:t.firstChild?mt.call(t.childNodes):null,o,r?r.__e:t.firstChild,n,a),yt(o,t.__k,a),t.__k.props.children=null}v={__e:function(e,t,n,r){for(var o,a,s;t=t.__;)if((o=t.__c)&&!(1&o.__g)){o.__g|=4;try{if((s=(a=o.constructor)&&a.getDerivedStateFromError)&&o.setState(a.getDerivedStateFromError(e)),o.componentDidCatch&&(o.componentDidCatch(e,r||{}),s=1),s&&8&o.__g)return void(o.__g|=2)}catch(i){e=i}}throw be=0,e}},ut=0,on=function(e){return e!=null&&e.constructor===oe},_e.prototype.setState=function(e,t){var n=this.__s;n&&n!=this.state||(n=this.__s=Z({},this.state)),typeof e=="function"&&(e=e(Z({},n),this.props)),e&&(Z(n,e),this.__v&&(t&&this.__k.push(t),lt(this)))},_e.prototype.forceUpdate=function(e){this.__v&&(this.__g|=4,e&&this.__h.push(e),lt(this))},_e.prototype.render=B,G=[],be=0,pt=function(e,t){return e.__v.__b-t.__v.__b},fe=Symbol(),dt=/(PointerCapture)$|Capture$/i,$e=0,Ie={},an=0;function Ue(e){let t=new DataView(e),n=t.getUint8(6)===1?t.getUint16(8,!0):t.getUint32(8,!0),r=(t.getUint8(6)===1?10:12)+n,o=new TextDecoder("latin1").decode(new Uint8Array(e,r-n,n)),a=/'descr':\s*'([^']+)'/.exec(o)?.[1],s=(/'shape':\s*\(([^)]*)\)/.exec(o)?.[1]??"").split(",").filter(u=>u.trim()!=="").map(Number),i=e.slice(r);switch(a){case"<f4":return{shape:s,data:new Float32Array(i)};case"<f8":return{shape:s,data:new Float64Array(i)};case"<i4":return{shape:s,data:new Int32Array(i)}}throw new Error(`an array of type ${a} cannot be shown`)}var H=class extends Error{constructor(n,r,o=""){super(r);this.code=n;this.hint=o}code;hint};function D(e){return e instanceof H?e:new H("internal",String(e))}var vt="api/v1/",wt=async(e,t,n)=>{let r={method:e};n!==void 0&&(r.body=JSON.stringify(n),r.headers={"Content-Type":"application/json"});try{return await fetch(vt+t,r)}catch{throw new H("unavailable","The daemon does not answer.","It may have stopped. Open the page anew with: vectory run")}},De=wt;function kt(e){De=e}async function K(e,t,n){let r=await De(e,t,n);if(!r.ok){let o=await r.json().catch(()=>null);throw new H(o?.error.code??"internal",o?.error.message??`the daemon answered ${r.status}`,o?.error.hint)}return r}async function $(e){return(await K("GET",e)).json()}var M=encodeURIComponent,k={openSession:e=>K("POST","session",{ticket:e}),spaces:async()=>(await $("spaces")).spaces,datasets:async()=>(await $("datasets")).datasets,experiments:async()=>(await $("experiments")).experiments,comparisons:async()=>(await $("comparisons")).comparisons,measures:async()=>(await $("measures")).measures,comparison:e=>$(`comparisons/${M(e)}`),items:(e,t,n)=>$(`comparisons/${M(e)}/items?order=${t}&limit=${n}&lists=true`),space:e=>$(`spaces/${M(e)}`),item:async(e,t)=>(await $(`comparisons/${M(e)}/items?row=${t}`)).items[0],neighbours:(e,t,n)=>$(`spaces/${M(e)}/neighbours?row=${t}&k=${n}`),values:async(e,t)=>Ue(await(await K("GET",`comparisons/${M(e)}/rows?column=${M(t)}`)).arrayBuffer()),column:(e,t)=>$(`datasets/${M(e)}/columns/${M(t)}`),dataset:e=>$(`datasets/${M(e)}`),row:async(e,t)=>await $(`datasets/${M(e)}/rows?from=${t}&to=${t+1}`),layout:async e=>(await K("POST","layouts",e)).json(),layoutNow:e=>$(`layouts/${M(e)}`),frame:async(e,t)=>Ue(await(await K("GET",`layouts/${M(e)}/frame?column=${M(t)}`)).arrayBuffer()),compare:async(e,t,n,r={})=>(await K("POST","comparisons",{a:e,b:t,k:n,...r})).json(),job:(e,t)=>$(`jobs/${M(e)}?wait=${t}`),cancel:e=>K("DELETE",`jobs/${M(e)}`)};function At(e,t,n){return De===wt?vt+St(e,t,n):null}function St(e,t,n){return`datasets/${M(e)}/media/${t}/${M(n)}`}var xt=new Map;function Ct(e,t,n){let r=St(e,t,n),o=xt.get(r);return o||(o=K("GET",r).then(async a=>URL.createObjectURL(await a.blob())),xt.set(r,o)),o}var Pt=`:root {
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
`;var ae=[[0,114,178],[230,159,0],[0,158,115],[204,121,167],[86,180,233],[150,140,20],[110,80,160],[120,85,60],[15,135,145],[190,150,220]],Q=[150,155,163],He=null;function Et(e){He=e}function ve(){return(He?He==="dark":matchMedia("(prefers-color-scheme: dark)").matches)?[240,243,248]:[20,23,28]}var We=[[68,1,84],[71,44,122],[59,81,139],[44,113,142],[33,144,141],[39,173,129],[92,200,99],[170,220,50],[253,231,37]];function hn(e){let t=Math.max(0,Math.min(1,e))*(We.length-1),n=We[Math.floor(t)]??Q,r=We[Math.ceil(t)]??Q,o=t-Math.floor(t);return[0,1,2].map(a=>Math.round((n[a]??0)*(1-o)+(r[a]??0)*o))}var Rt=190;function _n(e,t,n){let r=new Array(t.length).fill(0);for(let f of e)r[f]=(r[f]??0)+1;let o=t.map((f,m)=>m).filter(f=>(r[f]??0)>0);o.length>ae.length&&o.sort((f,m)=>(r[m]??0)-(r[f]??0)||f-m);let s=o.slice(0,ae.length),i=new Map(s.map((f,m)=>[f,ae[m]??Q])),u=new Uint8Array(4*e.length);e.forEach((f,m)=>{let c=n.size===0||n.has(t[f]??"");u.set([...i.get(f)??Q,c?Rt:20],4*m)});let d=s.map(f=>({name:t[f]??"",colour:i.get(f)??Q,count:r[f]??0})),p=o.slice(ae.length).reduce((f,m)=>f+(r[m]??0),0);return p>0&&d.push({name:`${o.length-ae.length} others`,colour:Q,count:p}),{colours:u,keys:d,range:null}}function we(e){let t=Number.POSITIVE_INFINITY,n=Number.NEGATIVE_INFINITY;for(let o=0;o<e.length;o++){let a=e[o]??Number.NaN;Number.isFinite(a)&&(t=Math.min(t,a),n=Math.max(n,a))}let r=new Uint8Array(4*e.length);for(let o=0;o<e.length;o++){let a=e[o]??Number.NaN,s=Number.isFinite(a)?hn(n>t?(a-t)/(n-t):.5):Q;r.set([...s,Rt],4*o)}return{colours:r,keys:[],range:t<=n?[t,n]:null}}function gn(e){return e.length>12&&e.every(t=>t===""||t.trim()!==""&&Number.isFinite(Number(t)))}function ke(e,t,n){let{codes:r,values:o}=e,a=Array.from(t,s=>r[s]??0);return gn(o)?we(a.map(s=>o[s]===""?Number.NaN:Number(o[s]))):_n(a,o,n)}function Ae(e){let t=new Uint8Array(4*e);for(let n=0;n<e;n++)t.set([91,143,201,150],4*n);return{colours:t,keys:[],range:null}}var ie,E,Ve,Mt,qe=Object.is,le=0,Bt=[],Ge=[],P=v,Lt=P.__b,Nt=P.__r,Tt=P.diffed,It=P.__c,$t=P.unmount,Ft=P.__;function Ke(e,t){P.__h&&P.__h(E,e,le||t),le=0;var n=E.__H||(E.__H={__:[],__h:[]});return e>=n.__.length&&n.__.push({}),n.__[e]}function A(e){return le=1,bn(Dt,e)}function bn(e,t,n){var r=Ke(ie++,2);if(r.t=e,!r.__c&&(r.__=[n?n(t):Dt(void 0,t),function(a){var s=(r.__N||r.__)[0],i=r.t(s,a);qe(s,i)||(r.__N=[i,r.__[1]],r.__c.setState({}))}],r.__c=E,!E.__f)){E.__f=!0;var o=E.shouldComponentUpdate;E.shouldComponentUpdate=function(a,s,i){var u=this.__H;if(!u)return!0;var d=!1,p=this.props!=a;if(u.__.some(function(m){m.__N&&(d=!0,qe(m.__[0],m.__N[0])||(p=!0))}),o){var f=o.call(this,a,s,i);return d?f||p:f}return!d||p}}return r.__}function L(e,t){var n=Ke(ie++,3);!P.__s&&Ut(n.__H,t)&&(n.__P=!0,n.__=e,n.u=t,E.__H.__h.push(n))}function Se(e){return le=5,V(function(){return{current:e}},[])}function V(e,t){var n=Ke(ie++,7);return Ut(n.__H,t)&&(n.__=e(),n.__H=t),n.__}function Ot(e,t){return le=8,V(function(){return e},t)}function yn(){var e;do{for(;e=Ge.shift();)try{se(e)}catch(n){P.__e(n,{__:(e=e.__P)&&e.__v})}for(;e=Bt.shift();){var t=e.__H;if(e.__P&&t)try{t.__h.some(se),t.__h.some(Ye),t.__h=[]}catch(n){t.__h=[],P.__e(n,e.__v)}}}while(Ge.length)}P.__b=function(e){E=null,Lt&&Lt(e)},P.__=function(e,t){e&&t.__k&&t.__k.__m&&(e.__m=t.__k.__m),Ft&&Ft(e,t)},P.__r=function(e){Nt&&Nt(e),ie=0;var t=(E=e.__c).__H;t&&(Ve==E?E.__h=[]:(t.__h.some(se),t.__h.some(Ye),ie=0),t.__h=[],t.__.some(function(n){n.__N&&(n.__=n.__N),n.u=n.__N=void 0})),Ve=E},P.diffed=function(e){Tt&&Tt(e);var t=e.__c;t&&t.__H&&(t.__H.__h.length&&jt(Bt.push(t)),t.__H.__.some(function(n){n.u&&(n.__H=n.u)})),Ve=E=null},P.__c=function(e,t){t.some(function(n){try{n.__h.some(se),n.__h=n.__h.filter(function(r){return!r.__||Ye(r)})}catch(r){n.__h=[function(){throw r}]}}),It&&It(e,t)},P.unmount=function(e){$t&&$t(e);var t,n,r=e.__c;r&&r.__H&&(r.__H.__.some(function(o){try{if(o.__P&&o.__c){if(n===void 0){for(n=e.__;n&&(!n.__c||!n.__c.__P);)n=n.__;n=n&&n.__c}o.__P=n,jt(Ge.push(o))}else se(o)}catch(a){t=a}}),r.__H=void 0,t&&P.__e(t,r.__v))};var zt=typeof requestAnimationFrame=="function";function xn(e){var t,n=function(){clearTimeout(r),zt&&cancelAnimationFrame(t),setTimeout(e)},r=setTimeout(n,35);zt&&(t=requestAnimationFrame(n))}function jt(e){e!=1&&Mt==P.requestAnimationFrame||((Mt=P.requestAnimationFrame)||xn)(yn)}function se(e){var t=E,n=e.__c;typeof n=="function"&&(e.__c=void 0,n()),E=t}function Ye(e){var t=E;e.__c=e.__(),E=t}function Ut(e,t){return!e||e.length!=t.length||t.some(function(n,r){return!qe(n,e[r])})}function Dt(e,t){return typeof t=="function"?t(e):t}function O(e,t,n){let[r,o]=A(e?e.get(t):n);return L(()=>e?.on(t,()=>o(e.get(t))),[e,t]),[r,s=>{o(s),e?.set(t,s)}]}function Ce(e,t,n,r){return L(()=>{if(!e||!t)return;let o=new Map([...t].map((s,i)=>[s,i])),a=()=>{let i=e.get("selection").map(u=>o.get(u)??-1).filter(u=>u>=0);n(i.length===1?i[0]??-1:-1),r(i.length===1?[]:i)};return a(),e.on("selection",a)},[e,t]),{select:o=>t&&e?.set("selection",o.map(a=>t[a]??-1).sort((a,s)=>a-s)),hover:o=>t&&e?.set("hovered",o<0?null:t[o]??null)}}function F(e,t){let[n,r]=A(0),[o,a]=A({value:null,error:null});L(()=>{let i=!0;return e().then(u=>i&&a({value:u,error:null}),u=>i&&a(d=>({value:d.value,error:D(u)}))),()=>{i=!1}},[...t,n]);let s=Ot(()=>r(i=>i+1),[]);return{...o,again:s}}function Pe(e){return e.toLocaleString("en-US")}function ee(e,t,n=`${t}s`){return`${Pe(e)} ${e===1?t:n}`}function ce(e){return e!==0&&Math.abs(e)<5e-4?e.toExponential(1):e.toFixed(3)}function Wt(e){return`${(100*e).toFixed(1)} %`}function Je(e){if(!Number.isFinite(e))return"\u2013";let t=Math.abs(e);return t!==0&&(t<1e-4||t>=1e6)?e.toExponential(3):e.toPrecision(4)}function Ht(e,t){let n=Array.from(e.length>4*t?e.slice(0,4*t):e);return n.length<=t?{text:e,whole:!0}:{text:`${n.slice(0,t).join("").trimEnd()}\u2026`,whole:!1}}var vn=/\.(png|jpe?g|gif|webp)$/i;function Ee(e,t){let n={media:null,text:null,facts:[]},r=Object.keys(e[0]??{}),o=16;for(let a of r){let s=e.map(d=>d[a]??"");if(s.every((d,p)=>d===t[p]))continue;let i=s.filter(d=>d!=="");if(n.media===null&&i.length>0&&i.every(d=>vn.test(d))){n.media=a;continue}let u=i.reduce((d,p)=>d+p.length,0)/Math.max(1,i.length);u<16?n.facts.push(a):u>=o&&(o=u,n.text=a)}return n.facts.sort(),n}var wn=Symbol.for("pv"),kn=0;function l(e,t,n,r,o,a){t||(t={});var s,i,u=t;if("ref"in u&&typeof e!="function")for(i in u={},t)i=="ref"?s=t[i]:u[i]=t[i];var d={type:e,props:u,key:n,ref:s,__k:null,__:null,__b:0,__e:null,__c:null,constructor:wn,__v:--kn,__i:-1,__u:0};return(o||a)&&(d.__source=o,d.__self=a),v.vnode&&v.vnode(d),d}function te({error:e,again:t}){return l("div",{class:"failure",role:"alert",children:[l("p",{children:l("strong",{children:Vt(e.message)})}),e.hint&&l("p",{children:Vt(e.hint)}),t&&l("button",{type:"button",onClick:t,children:"Try again"})]})}function Vt(e){return e.charAt(0).toUpperCase()+e.slice(1)}function ne({what:e}){return l("p",{class:"waiting",role:"status",children:["Loading ",e," \u2026"]})}function Xe({text:e,limit:t}){let[n,r]=A(!1),o=Ht(e,t);return o.whole?l(B,{children:e}):l(B,{children:[n?e:o.text," ",l("button",{type:"button",class:"link",onClick:()=>r(!n),children:n?"less":"more"})]})}function qt({c:e}){return l("p",{class:"legend",children:[l("span",{class:"mark-shared",children:[l(Re,{kind:"shared"})," in both lists"]}),l("span",{class:"mark-a",children:[l(Re,{kind:"a"})," only in ",e.a]}),l("span",{class:"mark-b",children:[l(Re,{kind:"b"})," only in ",e.b]})]})}function Re({kind:e}){return l("svg",{class:"shape",viewBox:"0 0 10 10","aria-hidden":"true",children:[e==="shared"&&l("circle",{cx:"5",cy:"5",r:"4"}),e==="a"&&l("path",{d:"M5 1 9.4 9H.6Z"}),e==="b"&&l("path",{d:"M1.2 1.2h7.6v7.6H1.2Z"})]})}function Gt({item:e,a:t,b:n,k:r}){return l(An,{items:[e],a:t,b:n,k:r})}function An({items:e,a:t,b:n,k:r}){let o=Ee(e.map(a=>a.columns),e.map(a=>a.id));return l("ol",{class:"items",children:e.map(a=>l("li",{class:"item","data-id":a.id,children:[l("div",{class:"subject",children:l(Sn,{item:a,dataset:t.dataset,shown:o,k:r})}),l("div",{class:"lists",children:[l(Me,{side:t,list:a.a??[],shown:o}),l(Me,{side:n,list:a.b??[],shown:o})]})]},a.id))})}function Sn({item:e,dataset:t,shown:n,k:r}){return l(B,{children:[l(Yt,{dataset:t,row:e.row_a,columns:e.columns,shown:n}),l("div",{children:[l("h3",{children:e.id}),n.text&&l("p",{class:"text",children:l(Xe,{text:e.columns[n.text]??"",limit:240})}),l(Cn,{columns:e.columns,shown:n}),l("p",{class:"agreement",children:[l("b",{children:e.shared})," of ",r," shared, Jaccard ",ce(e.jaccard)]})]})]})}function Cn({columns:e,shown:t}){let n=t.facts.filter(r=>e[r]).slice(0,4);return n.length===0?null:l("p",{class:"facts",children:n.map(r=>l("span",{children:[r," ",l("b",{children:e[r]})]},r))})}function Pn(e,t,n,r){let o=e&&n?At(e,t,n):Ze,[a,s]=A(Ze);return L(()=>{let i=!0;return o===null&&e&&n&&Ct(e,t,n).then(u=>i&&s(u),()=>i&&r("failed")),()=>{i=!1}},[o,e,t,n]),o??a}var Ze="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";function Yt({dataset:e,row:t,columns:n,shown:r}){let[o,a]=A("plain"),s=Pn(n[r.media??""]?e:null,t,r.media,a);return!r.media||!e||!n[r.media]?null:o==="failed"?l("span",{class:"picture missing",title:`the picture ${n[r.media]} cannot be shown`,children:"?"}):l("img",{class:o==="tiny"?"picture tiny":"picture",src:s,alt:"",loading:"lazy",onLoad:i=>s!==Ze&&i.currentTarget.naturalWidth<=32&&a("tiny"),onError:()=>a("failed")})}function Me({side:e,list:t,shown:n}){let r=n.media!==null&&n.text===null;return l("div",{class:`neighbours side-${e.which}`,children:[l("h4",{children:e.name}),l("ol",{class:r?"tiles":"lines",children:t.map(o=>l(En,{neighbour:o,side:e,shown:n},o.row))})]})}function En({neighbour:e,side:t,shown:n}){let r=e.shared?"shared":t.which,o=e.shared?"in both lists":`only in ${t.name}`,a=n.text?e.columns[n.text]:void 0,s=n.facts[0];return l("li",{class:`neighbour mark-${r}`,title:`${e.id}, distance ${Je(e.distance)}, ${o}`,children:[l(Re,{kind:r}),l("span",{class:"hidden",children:[o,": "]}),l(Yt,{dataset:t.dataset,row:e.row,columns:e.columns,shown:n}),l("span",{class:"name",children:a?l(Xe,{text:a,limit:110}):n.media&&s?e.columns[s]:e.id}),l("span",{class:"distance",children:Je(e.distance)})]})}async function Le(e,t){let n=await k.layout(e),r=o=>Promise.all(e.spaces.map(async(a,s)=>(await k.frame(o,s===0?"coords_a":"coords_b")).data));for(;n.job&&t.wanted();){let o=n.layout&&await k.layoutNow(n.layout.id).catch(()=>null),a=o&&o.of>0?await r(o.id).catch(()=>null):null;a&&t.wanted()&&t.frame(a);let s=await k.job(n.job.id,1);if(t.progress(s.progress,s.stage),s.state==="failed"||s.state==="canceled")throw D(s.error?Object.assign(new Error(s.error.message),s.error):"the layout was canceled");s.state==="done"&&(n=await k.layout(e))}return n.layout&&t.wanted()?{layout:n.layout,places:await r(n.layout.id)}:null}function ue(e){let t=[Number.POSITIVE_INFINITY,Number.POSITIVE_INFINITY],n=[Number.NEGATIVE_INFINITY,Number.NEGATIVE_INFINITY];for(let o of e)o.forEach((a,s)=>{let i=s%2;t[i]=Math.min(t[i],a),n[i]=Math.max(n[i],a)});let r=Math.max(n[0]-t[0],n[1]-t[1],1e-9)/.94;return e.map(o=>Float32Array.from(o,(a,s)=>{let i=s%2;return .5+(a-(t[i]+n[i])/2)/r}))}var q={x:.5,y:.5,zoom:1},Rn=["circle","triangle","square","ring"],Mn=`#version 300 es
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
}`,Ln=`#version 300 es
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
}`,Ne=class{constructor(t){this.canvas=t;this.gl=t.getContext("webgl2",{antialias:!1,alpha:!0}),this.gl&&(this.program=Kt(this.gl),t.addEventListener("webglcontextlost",n=>n.preventDefault()),t.addEventListener("webglcontextrestored",()=>{this.gl&&(this.program=Kt(this.gl),this.upload(),this.draw())}))}canvas;n=0;camera=q;size=4;places=new Float32Array(0);colours=new Uint8Array(0);marks=[];queued=0;grid=null;gl;program=null;get accelerated(){return this.gl!==null}move(t){this.places=t,this.grid=null;let n=t.length/2;n!==this.n&&(this.n=n,this.colours=new Uint8Array(4*n).fill(150)),this.upload(),this.draw()}paint(t){t.length===4*this.n&&(this.colours=t,this.upload(),this.draw())}mark(t){this.marks=t.filter(n=>n.id>=0&&n.id<this.n),this.draw()}look(t){this.camera=t,this.draw()}upload(){let{gl:t,program:n}=this;t&&n&&(t.bindVertexArray(n.points),t.bindBuffer(t.ARRAY_BUFFER,n.places),t.bufferData(t.ARRAY_BUFFER,this.places,t.DYNAMIC_DRAW),t.bindBuffer(t.ARRAY_BUFFER,n.colours),t.bufferData(t.ARRAY_BUFFER,this.colours,t.DYNAMIC_DRAW))}draw(){this.queued||=requestAnimationFrame(()=>{this.queued=0,this.drawNow()})}drawNow(){let{canvas:t}=this,n=globalThis.devicePixelRatio||1,r=Math.max(1,Math.round(t.clientWidth*n)),o=Math.max(1,Math.round(t.clientHeight*n));(t.width!==r||t.height!==o)&&(t.width=r,t.height=o),this.gl&&this.program?this.drawAccelerated(this.gl,this.program,r,o,n):this.drawPlain(r,o,n)}drawAccelerated(t,n,r,o,a){if(t.viewport(0,0,r,o),t.clearColor(0,0,0,0),t.clear(t.COLOR_BUFFER_BIT),t.useProgram(n.program),t.uniform3f(n.at("camera"),this.camera.x,this.camera.y,this.camera.zoom),t.uniform2f(n.at("size"),r,o),t.uniform1f(n.at("points"),this.pointSize()),t.uniform1f(n.at("ratio"),a),t.uniform1i(n.at("marked"),0),t.bindVertexArray(n.points),t.drawArrays(t.POINTS,0,this.n),this.marks.length>0){let s=new Float32Array(8*this.marks.length);this.marks.forEach((i,u)=>{let[d,p,f]=i.colour,m=[this.places[2*i.id]??0,this.places[2*i.id+1]??0];s.set([...m,d/255,p/255,f/255,1,Rn.indexOf(i.shape),i.size],8*u)}),t.uniform1i(n.at("marked"),1),t.bindVertexArray(n.marks),t.bindBuffer(t.ARRAY_BUFFER,n.marked),t.bufferData(t.ARRAY_BUFFER,s,t.DYNAMIC_DRAW),t.drawArrays(t.POINTS,0,this.marks.length)}}pointSize(){let t=Math.max(.35,Math.min(1,Math.sqrt(2e4/Math.max(this.n,1))));return Math.max(1.5,this.size*t*Math.min(2.5,this.camera.zoom**.3))}drawPlain(t,n,r){let o=this.canvas.getContext("2d");if(!o)return;o.setTransform(1,0,0,1,0,0),o.clearRect(0,0,t,n),o.scale(r,r);let a=this.pointSize(),s=Math.max(1,Math.ceil(this.n/5e4));for(let i=0;i<this.n;i+=s){let[u,d]=this.toPixel(i),[p,f,m,c]=this.colours.subarray(4*i,4*i+4);o.fillStyle=`rgb(${p} ${f} ${m} / ${(c??255)/255})`,o.fillRect(u-a/2,d-a/2,a,a)}for(let i of this.marks){let[u,d]=this.toPixel(i.id);Tn(o,i,u,d)}}scale(){return Math.min(this.canvas.clientWidth,this.canvas.clientHeight)*this.camera.zoom}toPlot(t,n){let{clientWidth:r,clientHeight:o}=this.canvas,a=this.scale();return[(t-r/2)/a+this.camera.x,(o/2-n)/a+this.camera.y]}toPixel(t){let{clientWidth:n,clientHeight:r}=this.canvas,o=this.scale();return[((this.places[2*t]??0)-this.camera.x)*o+n/2,r/2-((this.places[2*t+1]??0)-this.camera.y)*o]}pick(t,n,r=8){this.grid??=new Qe(this.places);let[o,a]=this.toPlot(t,n);return this.grid.nearest(o,a,r/this.scale())}step(t,n,r){let o=this.places[2*t]??0,a=this.places[2*t+1]??0,s=-1,i=Number.POSITIVE_INFINITY;for(let u=0;u<this.n;u++){let d=(this.places[2*u]??0)-o,p=(this.places[2*u+1]??0)-a,f=d*n+p*r,m=Math.abs(d*r-p*n),c=d*d+p*p;u!==t&&f>0&&m<=f&&c<i&&(s=u,i=c)}return s}within(t){let n=[];for(let r=0;r<this.n;r++)Nn(t,this.places[2*r]??0,this.places[2*r+1]??0)&&n.push(r);return n}};function Nn(e,t,n){let r=!1,[o,a]=e.at(-1)??[0,0];for(let[s,i]of e)i>n!=a>n&&t<(o-s)*(n-i)/(a-i)+s&&(r=!r),[o,a]=[s,i];return r}function Tn(e,t,n,r){let[o,a,s]=t.colour,i=t.size/2;e.fillStyle=e.strokeStyle=`rgb(${o} ${a} ${s})`,e.lineWidth=2.5,e.beginPath(),t.shape==="triangle"?(e.moveTo(n,r-i),e.lineTo(n+i,r+i),e.lineTo(n-i,r+i)):t.shape==="square"?e.rect(n-i*.8,r-i*.8,t.size*.8,t.size*.8):e.arc(n,r,t.shape==="ring"?i-1:i,0,7),t.shape==="ring"?e.stroke():e.fill()}function Kt(e){let t=e.createProgram();for(let[i,u]of[[e.VERTEX_SHADER,Mn],[e.FRAGMENT_SHADER,Ln]]){let d=e.createShader(i);if(!d)throw new Error("the graphics context is lost");e.shaderSource(d,u),e.compileShader(d),e.attachShader(t,d)}if(e.linkProgram(t),!e.getProgramParameter(t,e.LINK_STATUS)&&!e.isContextLost())throw new Error(e.getProgramInfoLog(t)??"the shaders do not link");e.enable(e.BLEND),e.blendFunc(e.ONE,e.ONE_MINUS_SRC_ALPHA);let n=e.createBuffer(),r=e.createBuffer(),o=e.createBuffer(),a=e.createVertexArray();e.bindVertexArray(a),e.bindBuffer(e.ARRAY_BUFFER,n),e.enableVertexAttribArray(0),e.vertexAttribPointer(0,2,e.FLOAT,!1,0,0),e.bindBuffer(e.ARRAY_BUFFER,r),e.enableVertexAttribArray(1),e.vertexAttribPointer(1,4,e.UNSIGNED_BYTE,!0,0,0);let s=e.createVertexArray();e.bindVertexArray(s),e.bindBuffer(e.ARRAY_BUFFER,o);for(let[i,u,d]of[[0,2,0],[1,4,8],[2,2,24]])e.enableVertexAttribArray(i),e.vertexAttribPointer(i,u,e.FLOAT,!1,32,d);return{program:t,points:a,marks:s,places:n,colours:r,marked:o,at:i=>e.getUniformLocation(t,i)}}var J=256,Qe=class{constructor(t){this.places=t;let n=t.length/2;this.ids=new Uint32Array(n);let r=new Uint32Array(n);for(let a=0;a<n;a++){let s=re(t[2*a+1]??0)*J+re(t[2*a]??0);r[a]=s,this.start[s+1]=(this.start[s+1]??0)+1}for(let a=0;a<J*J;a++)this.start[a+1]=(this.start[a+1]??0)+(this.start[a]??0);let o=this.start.slice(0,-1);for(let a=0;a<n;a++){let s=r[a]??0;this.ids[o[s]??0]=a,o[s]=(o[s]??0)+1}}places;start=new Uint32Array(J*J+1);ids;nearest(t,n,r){let o=-1,a=r*r;for(let s=re(n-r);s<=re(n+r);s++)for(let i=re(t-r);i<=re(t+r);i++){let u=s*J+i;for(let d=this.start[u]??0;d<(this.start[u+1]??0);d++){let p=this.ids[d]??0,f=((this.places[2*p]??0)-t)**2+((this.places[2*p+1]??0)-n)**2;f<=a&&(o=p,a=f)}}return o}};function re(e){return Math.max(0,Math.min(J-1,Math.floor(e*J)))}function pe(e){let t=Se(null),n=Se(null),r=Se(e);return r.current=e,L(()=>{let o=t.current;if(!o)return;let a=new Ne(o);n.current=a,et.set(e.side,a);let s=new ResizeObserver(()=>a.draw());s.observe(o);let i=In(o,a,r);return()=>{s.disconnect(),i(),et.delete(e.side)}},[]),L(()=>{e.places&&n.current?.move(e.places),e.colours&&n.current?.paint(e.colours)},[e.places,e.colours]),L(()=>n.current?.mark(e.marks),[e.marks,e.places]),L(()=>n.current?.look(e.camera),[e.camera]),l("figure",{class:`plot-frame side-${e.side}`,children:[l("figcaption",{children:l("span",{class:`space-${e.side}`,children:e.name})}),l("canvas",{ref:t,class:"points","data-side":e.side,tabIndex:0,role:"application","aria-label":`Map of ${e.name}`,"aria-describedby":"map-help",onKeyDown:o=>n.current&&$n(o,n.current,r.current)})]})}var et=new Map;Object.assign(globalThis,{vectoryPlots:et});var Jt=10;function In(e,t,n){let r=null,o=null,a=!1,s=m=>{let c=e.getBoundingClientRect();return[m.clientX-c.left,m.clientY-c.top]},i=m=>{e.setPointerCapture(m.pointerId);let[c,h]=s(m);a=!1,m.shiftKey?o=[t.toPlot(c,h)]:r={x:c,y:h,camera:n.current.camera}},u=m=>{let[c,h]=s(m);if(o){o.push(t.toPlot(c,h));return}if(!r){n.current.hover(t.pick(c,h,Jt));return}if(a||=Math.hypot(c-r.x,h-r.y)>3,a){let x=Math.min(e.clientWidth,e.clientHeight)*r.camera.zoom;n.current.setCamera({...r.camera,x:r.camera.x-(c-r.x)/x,y:r.camera.y+(h-r.y)/x})}},d=m=>{let[c,h]=s(m);o&&o.length>2?n.current.lasso(t.within(o)):r&&!a&&n.current.choose(t.pick(c,h,Jt)),o=null,r=null},p=m=>{if(!e.matches(":focus")&&!m.ctrlKey)return;m.preventDefault();let[c,h]=s(m);n.current.setCamera(tt(t,n.current.camera,Math.exp(-m.deltaY*.0015),c,h))},f=()=>n.current.hover(-1);return e.addEventListener("pointerdown",i),e.addEventListener("pointermove",u),e.addEventListener("pointerup",d),e.addEventListener("pointerleave",f),e.addEventListener("wheel",p,{passive:!1}),()=>{e.removeEventListener("pointerdown",i),e.removeEventListener("pointermove",u),e.removeEventListener("pointerup",d),e.removeEventListener("pointerleave",f),e.removeEventListener("wheel",p)}}function tt(e,t,n,r,o){let a=Math.max(.5,Math.min(400,t.zoom*n)),[s,i]=e.toPlot(r,o),u=t.zoom/a;return{zoom:a,x:s+(t.x-s)*u,y:i+(t.y-i)*u}}function $n(e,t,n){let{camera:r}=n,a={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,1],ArrowDown:[0,-1]}[e.key],s=[t.canvas.clientWidth/2,t.canvas.clientHeight/2];if(a&&e.shiftKey)n.setCamera({...r,x:r.x+.1*a[0]/r.zoom,y:r.y+.1*a[1]/r.zoom});else if(a){let i=n.chosen<0?t.pick(...s,t.canvas.clientWidth):t.step(n.chosen,a[0],a[1]);i>=0&&n.choose(i)}else if(e.key==="+"||e.key==="=")n.setCamera(tt(t,r,1.4,...s));else if(e.key==="-")n.setCamera(tt(t,r,1/1.4,...s));else if(e.key==="0")n.setCamera(q);else if(e.key==="Escape")n.choose(-1),n.lasso([]);else if(e.key.toLowerCase()==="b")t.canvas.getRootNode().querySelector(`canvas.points[data-side="${n.side==="a"?"b":"a"}"]`)?.focus();else return;e.preventDefault()}var Fn={"joint-umap":"together (joint UMAP)",umap:"each by itself (UMAP)",pca:"principal components"};function Qt({c:e,link:t=null}){let[n,r]=A("joint-umap"),[o,a]=O(t,"colour",""),[s,i]=A(q),[u,d]=A(-1),[p,f]=A(-1),[m,c]=A([]),[h,x]=A(new Set),[b,w]=O(t,"k",e.k),_=Math.min(b,e.k),{map:S,rows:y,layout:W,progress:z,error:U}=Hn(e,n),T=Ce(t,y?.a??null,d,c),R=F(()=>Promise.all([k.space(e.a),k.space(e.b)]),[e.a,e.b]),I=R.value?.[0].dataset??null,j=F(async()=>I?(await k.dataset(I)).columns:[],[I]),N=Wn(e,y,I,o,h,m),g=Dn(e,y,u),de=V(()=>Un(g,y,u,_),[g,y,u,_]);if(L(()=>d(-1),[n]),U)return l(te,{error:U});let nn=C=>{d(C),T.select(C<0?[]:[C])},st=C=>{c(C),T.select(C)},it={camera:s,setCamera:i,chosen:u,choose:nn,hover:C=>{f(C),T.hover(C)},lasso:st};return l("div",{class:"maps",children:[l("div",{class:"tools",children:[l("label",{children:[l("span",{children:"Laid out"}),l("select",{value:n,onChange:C=>r(C.currentTarget.value),children:Object.entries(Fn).map(([C,rn])=>l("option",{value:C,children:rn},C))})]}),l("label",{children:[l("span",{children:"Colour"}),l("select",{value:o,onChange:C=>{x(new Set),a(C.currentTarget.value)},children:[l("option",{value:"",children:"none"}),l("option",{value:"=jaccard",children:"agreement (Jaccard)"}),l("option",{value:"=moved",children:"how far it moved"}),(j.value??[]).map(C=>l("option",{value:C,children:C},C))]})]}),l("label",{class:"slider",children:[l("span",{children:["Neighbours: ",l("b",{children:_})]}),l("input",{type:"range",min:"1",max:e.k,value:_,onInput:C=>w(Number(C.currentTarget.value))})]}),l("button",{type:"button",onClick:()=>i(q),children:"Whole map"})]}),l("div",{class:"pair-of-plots",children:[l(pe,{name:e.a,side:"a",places:S?.a??null,colours:N?.colours??null,marks:de.a,...it}),l(pe,{name:e.b,side:"b",places:S?.b??null,colours:N?.colours??null,marks:de.b,...it})]}),l("p",{id:"map-help",class:"muted help",children:"Click an item: its neighbours in both spaces. Drag to move, wheel to zoom (click a map first), Shift and drag for a lasso; keys: arrows, + \u2212 0, B for the other map, Esc."}),z&&l("p",{class:"progress",role:"status",children:[l("progress",{value:z.share})," ",z.stage]}),N&&l(rt,{painted:N,shown:h,setShown:x}),l("p",{class:"status","aria-live":"polite",children:zn(y,u,p,m,g,_)}),W&&l(nt,{layout:W}),m.length>0&&l("p",{children:[ee(m.length,"item")," selected"," ",l("button",{type:"button",class:"link",onClick:()=>st([]),children:"clear"})]}),g&&R.value&&l("div",{class:"chosen",children:[l(qt,{c:e}),l(Gt,{item:ot(g,_),a:Xt(e.a,"a",R.value[0].dataset),b:Xt(e.b,"b",R.value[1].dataset),k:_})]}),!S&&!z&&l(ne,{what:"the maps"})]})}function Xt(e,t,n){return{name:e,which:t,dataset:n}}function nt({layout:e}){return e.state!=="done"||!e.quality?null:l("p",{class:"muted honesty",children:[e.quality.map((t,n)=>l("span",{children:[e.spaces[n],": ",Wt(t.recall_15)," of the 15 nearest are near on the map, trustworthiness"," ",ce(t.trustworthiness),"."," "]},e.spaces[n])),e.null_band!==null&&e.displacement!==null&&l("span",{children:["The median item moved by ",e.displacement.toFixed(3)," of the map's radius; below"," ",e.null_band.toFixed(3)," movement means nothing."]})]})}function rt({painted:e,shown:t,setShown:n}){let r=o=>{let a=new Set(t);a.delete(o)||a.add(o),n(a)};return l("div",{class:"keys",children:[e.range&&l("span",{children:[e.range[0].toPrecision(3)," ",l("span",{class:"ramp","aria-hidden":"true"})," ",e.range[1].toPrecision(3)]}),e.keys.map(o=>l("button",{type:"button",class:"key","aria-pressed":t.has(o.name),onClick:()=>r(o.name),children:[l("svg",{class:"swatch",viewBox:"0 0 10 10","aria-hidden":"true",fill:`rgb(${o.colour.join(" ")})`,children:l("circle",{cx:"5",cy:"5",r:"5"})}),o.name," ",l("span",{class:"muted",children:Pe(o.count)})]},o.name))]})}function zn(e,t,n,r,o,a){if(!e)return"";if(o&&t>=0){let s=ot(o,a);return`${o.id}: ${s.shared} of ${a} neighbours shared, Jaccard ${ce(s.jaccard)}`}return n>=0?`row ${e.a[n]}`:r.length>0?"":`${ee(e.a.length,"item")} on both maps`}function ot(e,t){let n=(e.a??[]).slice(0,t),r=(e.b??[]).slice(0,t),o=new Set(n.map(i=>i.id)),a=new Set(r.map(i=>i.id)),s=n.filter(i=>a.has(i.id)).length;return{...e,a:n.map(i=>({...i,shared:a.has(i.id)})),b:r.map(i=>({...i,shared:o.has(i.id)})),shared:s,jaccard:s/(2*t-s)}}var jn=[194,24,31],Bn=[176,104,0],On=[151,71,122];function Un(e,t,n,r){if(!e||!t||n<0)return{a:[],b:[]};let o=new Map([...t.a].map((u,d)=>[u,d])),a=new Map([...t.b].map((u,d)=>[u,d])),s=ot(e,r),i=[];for(let u of s.a??[])i.push({id:o.get(u.row)??-1,shape:u.shared?"circle":"triangle",colour:u.shared?jn:Bn,size:u.shared?11:13});for(let u of s.b??[])u.shared||i.push({id:a.get(u.row)??-1,shape:"square",colour:On,size:12});return i.sort((u,d)=>+(u.shape==="circle")-+(d.shape==="circle")),i.push({id:n,shape:"ring",colour:ve(),size:20}),{a:i,b:i}}function Dn(e,t,n){let r=n>=0?t?.a[n]??-1:-1,[o,a]=A({row:-1,item:null});return L(()=>{let s=!0;return r>=0&&k.item(e.key,r).then(i=>s&&a({row:r,item:i??null}),()=>s&&a({row:r,item:null})),()=>{s=!1}},[e.key,r]),r>=0&&o.row===r?o.item:null}function Wn(e,t,n,r,o,a){let s=F(async()=>{if(r==="=jaccard"){let[i,u]=await Promise.all([k.values(e.key,"jaccard"),k.values(e.key,"row_a")]);return{numbers:new Map([...u.data].map((d,p)=>[d,i.data[p]??Number.NaN]))}}return r&&!r.startsWith("=")&&n?{column:await k.column(n,r)}:{}},[e.key,n,r]);return V(()=>{if(!t)return null;let i=t.a.length,u,d=s.value;return r==="=moved"?u=we(t.moved):d?.numbers&&r==="=jaccard"?u=we(Array.from(t.a,p=>d.numbers?.get(p)??Number.NaN)):d?.column&&d.column.column===r?u=ke(d.column,t.a,o):u=Ae(i),a.length>0?{...u,colours:at(u.colours,a)}:u},[t,s.value,r,o,a])}function at(e,t){let n=e.slice(),r=new Set(t);for(let o=0;o<n.length/4;o++)r.has(o)||(n[4*o+3]=Math.min(n[4*o+3]??0,25));return n}function Hn(e,t){let n={map:null,rows:null,layout:null,progress:null,error:null},[r,o]=A(n);return L(()=>{let a=!0,s=i=>a&&o(u=>({...u,...i}));return o(n),Vn(e,t,()=>a,s).catch(i=>s({error:D(i),progress:null})),()=>{a=!1}},[e.key,t]),r}async function Vn(e,t,n,r){let o={spaces:[e.a,e.b],method:t,...e.metric_a===e.metric_b?{metric:e.metric_a}:{}},a=await Le(o,{wanted:n,progress:(f,m)=>r({progress:{share:f,stage:m}}),frame:f=>r({map:Zt(f)})});if(!a)return;let{layout:s,places:i}=a,[u,d,p]=await Promise.all(["row_a","row_b","displacement"].map(f=>k.frame(s.id,f)));u&&d&&p&&r({map:Zt(i),rows:{a:u.data,b:d.data,moved:p.data},layout:s,progress:null})}function Zt(e){let[t,n]=ue(e);return t&&n?{a:t,b:n}:null}var qn=[194,24,31],en=50;function tn({space:e,link:t=null}){let[n,r]=O(t,"colour",""),[o,a]=O(t,"k",10),[s,i]=A(q),[u,d]=A(-1),[p,f]=A([]),[m,c]=A(new Set),{places:h,layout:x,progress:b,error:w}=Jn(e),_=F(async()=>(await k.space(e)).dataset,[e]).value,S=F(async()=>_?(await k.dataset(_)).columns:[],[_]),y=h?h.length/2:0,W=V(()=>Int32Array.from({length:y},(g,de)=>de),[y]),z=Ce(t,y>0?W:null,d,f),U=Kn(_,n,W,m,p),T=F(()=>u<0?Promise.resolve(null):Yn(e,_,u,Math.min(o,en)),[e,_,u,o]).value,R=T&&T.row===u?T:null,I=V(()=>Gn(R?.list??[],u),[R,u]);if(w)return l(te,{error:w});let j=g=>{d(g),z.select(g<0?[]:[g])},N=g=>{f(g),z.select(g)};return l("div",{class:"maps",children:[l("div",{class:"tools",children:[l("label",{children:[l("span",{children:"Colour"}),l("select",{value:n,onChange:g=>{c(new Set),r(g.currentTarget.value)},children:[l("option",{value:"",children:"none"}),(S.value??[]).map(g=>l("option",{value:g,children:g},g))]})]}),l("label",{class:"slider",children:[l("span",{children:["Neighbours: ",l("b",{children:o})]}),l("input",{type:"range",min:"1",max:en,value:o,onInput:g=>a(Number(g.currentTarget.value))})]}),l("button",{type:"button",onClick:()=>i(q),children:"Whole map"})]}),l(pe,{name:e,side:"a",places:h,colours:U.colours,marks:I,camera:s,chosen:u,setCamera:i,choose:j,hover:z.hover,lasso:N}),l("p",{id:"map-help",class:"muted help",children:"Click an item for its neighbours. Drag to move, wheel to zoom (click the map first), Shift and drag for a lasso; keys: arrows, + \u2212 0, Esc."}),b&&l("p",{class:"progress",role:"status",children:[l("progress",{value:b.share})," ",b.stage]}),l(rt,{painted:U,shown:m,setShown:c}),l("p",{class:"status","aria-live":"polite",children:R?`${R.id}: ${ee(R.list.length,"neighbour")}`:p.length>0?`${ee(p.length,"item")} selected`:y>0&&ee(y,"item")}),x&&l(nt,{layout:x}),R&&l("div",{class:"chosen",children:l(Me,{side:{name:`Neighbours of ${R.id}`,which:"a",dataset:_},list:R.list,shown:Ee(R.list.map(g=>g.columns),R.list.map(g=>g.id))})}),!h&&!b&&l(ne,{what:"the map"})]})}function Gn(e,t){let n=e.map(r=>({id:r.row,shape:"circle",colour:qn,size:11}));return t<0?[]:[...n,{id:t,shape:"ring",colour:ve(),size:20}]}async function Yn(e,t,n,r){let o=await k.neighbours(e,n,r),a=await Promise.all(o.neighbours.map(async s=>{let i=t?await k.row(t,s.row):null,u=Object.fromEntries((i?.columns??[]).map((d,p)=>[d,i?.rows[0]?.[p]??""]));return{...s,shared:!0,columns:u}}));return{row:n,id:o.id??String(n),list:a}}function Kn(e,t,n,r,o){let a=F(async()=>e&&t?await k.column(e,t):null,[e,t]).value;return V(()=>{let s=a&&a.column===t?ke(a,n,r):Ae(n.length);return o.length>0?{...s,colours:at(s.colours,o)}:s},[a,t,n,r,o])}function Jn(e){let t={places:null,layout:null,progress:null,error:null},[n,r]=A(t);return L(()=>{let o=!0,a=s=>o&&r(i=>({...i,...s}));return r(t),Le({spaces:[e],method:"umap"},{wanted:()=>o,progress:(s,i)=>a({progress:{share:s,stage:i}}),frame:s=>a({places:ue(s)[0]??null})}).then(s=>s&&a({places:ue(s.places)[0]??null,layout:s.layout,progress:null}),s=>a({error:D(s),progress:null})),()=>{o=!1}},[e]),n}var Mo={render:Xn};function Xn({model:e,el:t}){let n=t.shadowRoot??t.attachShadow({mode:"open"}),r=document.createElement("style"),o=document.createElement("div");o.className="vectory",r.textContent=ar(Pt),n.replaceChildren(r,o),t.setAttribute("data-lm-suppress-shortcuts","true");let a=sr(t),s=or(e);return kt(s.carrier),Oe(l(Zn,{link:tr(e)}),o),()=>{Oe(null,o),s.close(),a()}}function Zn({link:e}){let[t]=O(e,"spaces",[]),[n]=O(e,"height",460),[r,...o]=t;return l("div",{style:`--map-height: ${n}px`,children:r&&o.length===0?l(tn,{space:r,link:e}):l(Qn,{link:e})})}function Qn({link:e}){let[t]=O(e,"comparison",""),[n]=O(e,"k",10),r=F(()=>er(t,n),[t,n]);return r.error?l(te,{error:r.error,again:r.again}):r.value?l(Qt,{c:r.value,link:e}):l(ne,{what:"the comparison"})}async function er(e,t){let n=await k.comparison(e);if(t<=n.k)return n;let r=await k.compare(n.a,n.b,t,{metric_a:n.metric_a,metric_b:n.metric_b});for(;!r.comparison&&r.job;){let o=await k.job(r.job.id,10);if(o.error)throw new H(o.error.code,o.error.message,o.error.hint);o.state==="done"&&(r={comparison:await k.comparison(o.result??"")})}if(!r.comparison)throw D("the comparison was canceled");return r.comparison}function tr(e){return{get:t=>e.get(t),set:(t,n)=>{e.set(t,n),e.save_changes()},on:(t,n)=>(e.on(`change:${t}`,n),()=>e.off(`change:${t}`,n))}}var nr=3e4,rr=0;function or(e){let t=`${Date.now().toString(36)}-${rr++}`,n=new Map,r=0,o=(s,i)=>{n.get(s.id)?.(s,i[0]??new ArrayBuffer(0)),n.delete(s.id)};return e.on("msg:custom",o),{carrier:(s,i,u)=>new Promise((d,p)=>{let f=`${t}-${r++}`,m=setTimeout(()=>{n.delete(f),p(new H("unavailable","The kernel does not answer.","Run the cell again."))},nr);n.set(f,({status:c,headers:h},x)=>{clearTimeout(m),d(new Response(c===204?null:x,{status:c,headers:h}))}),e.send({id:f,method:s,path:i,body:u??null})}),close:()=>e.off("msg:custom",o)}}function ar(e){let t=/prefers-color-scheme:\s*dark\)\s*\{\s*:root\s*\{([^}]*)\}/.exec(e)?.[1]??"",n=/:root\s*\{([^}]*)\}/.exec(e)?.[1]??"";return`${e.replaceAll(":root",":host").replace(/(^|\})\s*body\s*\{/,"$1.vectory{")}
:host([data-theme="light"]){${n};color-scheme:light}
:host([data-theme="dark"]){${n};${t};color-scheme:dark}
.vectory{background:none}.maps{border:0;padding:4px;box-shadow:none;background:none}
canvas.points{aspect-ratio:auto;height:var(--map-height,460px)}`}function sr(e){let t=()=>{let r=document.body?.getAttribute("data-jp-theme-light"),o=document.body?.getAttribute("data-vscode-theme-kind"),a=r?r==="true"?"light":"dark":o?o.includes("light")?"light":"dark":null;Et(a),a&&e.setAttribute("data-theme",a)};t();let n=new MutationObserver(t);return n.observe(document.body,{attributes:!0}),()=>n.disconnect()}export{Mo as default};
