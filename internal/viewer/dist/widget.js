var P,Rn,ko,me,Ht,ft,Tn,ut,Nn,Kt,Gt,Ao,Ye=Symbol.for("pv"),ht={},gt=[],So=/^m(i|n|o|s|text|space)$/,qt=Array.isArray,Fn=gt.slice,ye=Object.assign;function be(e){e&&e.parentNode&&e.remove()}function pt(e,t,n,r,s){var o={type:e,props:t,key:n,ref:r,__k:null,__:null,__b:0,__e:null,__c:null,constructor:Ye,__v:s||++Rn,__i:-1,__u:0};return!s&&P.vnode&&P.vnode(o),o}function D(e){return e.children}function mt(e,t){this.props=e,this.context=t,this.__g=0}function de(e,t){if(t==null)return e.__&&de(e.__,e.__i+1);for(var n;t<e.__k.length;t++)if((n=e.__k[t])&&n.__e)return n.__e;return typeof e.type!="function"||e.props.__P?null:de(e)}function Po(e){var t,n=e.__v,r=n.__e,s=[],o=[],a=e.__P;a&&((t=ye({constructor:Ye},n)).__v=n.__v+1,P.vnode&&P.vnode(t),Vt(a,t,n,e.__n,a.namespaceURI,32&n.__u?[r]:null,s,r||de(n),32&n.__u,o),t.__v=n.__v,t.__.__k[t.__i]=t,zn(s,t,o),n.__=n.__e=null,t.__e!=r&&On(t))}function On(e){if((e=e.__)&&e.__c&&!e.props.__P)return e.__e=null,e.__k.some(function(t){return t&&(e.__e=t.__e)}),On(e)}function En(e){(8&e.__g||(e.__g|=8,me.push(e),ft++))&&Ht==P.debounceRendering||((Ht=P.debounceRendering)||queueMicrotask)(In)}function In(){try{for(var e,t=1;me.length;)me.length>t&&me.sort(Tn),e=me.shift(),t=me.length,8&e.__g&&Po(e)}finally{(ft=me.length)&&(Ht||queueMicrotask)(In)}}function Bn(e,t,n,r,s,o,a,i,c,u,p){var d,f,m,h,y,g,x=r.__k||gt,v=t.length;for(c=$o(n,t,x,c,v),d=0;d<v;d++)(m=n.__k[d])!=null&&(f=~m.__i&&x[m.__i]||ht,m.__i=d,g=Vt(e,m,f,s,o,a,i,c,u,p),h=m.__e,(f.ref!=m.ref||8&f.__u)&&(f.ref&&Yt(f.ref,null,m,f),m.ref&&p.push(m.ref,m.__c||h,m)),y=y||h,4&m.__u?(c=Un(m,c,e,!f.__v),f.__e&&(f.__e=null)):typeof m.type=="function"&&g!==void 0?c=g:h&&(c=h.nextSibling),m.__u&=-21);return n.__e=y,c}function $o(e,t,n,r,s){var o,a,i,c,u,p,d,f,m,h=n.length,y=h,g=0,x=0,v=e.__k=Array(s);for(o=0;o<s;o++)(a=t[o])!=null&&typeof a!="boolean"&&typeof a!="function"?(typeof a!="object"||a.constructor===String?a=v[o]=pt(null,a):qt(a)?a=v[o]=pt(D,{children:a}):a.constructor===Ye&&a.__b?a=v[o]=pt(a.type,a.props,a.key,a.ref,a.__v):v[o]=a,c=o+g,a.__=e,a.__b=e.__b+1,i=null,~(u=a.__i=Mo(a,n,c,y))&&(y--,(i=n[u])&&(i.__u|=2)),i&&i.__v?(a.__u|=16,u==c-1?g--:u==c+1?g++:u!=c&&(u>c?g--:g++,x=1)):(~u||(s>h?g--:s<h&&g++),typeof a.type!="function"&&(a.__u|=4))):v[o]=null;if(x){for(p=[],d=[],o=0;o<s;o++)if((a=v[o])&&16&a.__u){for(g=0,f=p.length;g<f;)p[m=g+f>>1]<a.__i?g=m+1:f=m;p[g]=a.__i,d[o]=g+1}for(g=p.length;o--;)d[o]&&(d[o]==g?g--:v[o].__u|=4)}if(y)for(o=0;o<h;o++)!(i=n[o])||2&i.__u||(i.__e==r&&(r=de(i)),Jt(i,i));return r}function Un(e,t,n,r){var s,o,a,i;if(typeof e.type=="function"){if(e.props.__P)return t;if(s=e.__k)for(o=0;o<s.length;o++)s[o]&&(s[o].__=e,t=Un(s[o],t,n,!1));return t}for(t&&!t.parentNode&&(t=de(e))&&!t.parentNode&&(t=null),a=e.__e,i=t;i&&i.nodeType==8;)i=i.nextSibling;for(a!=i&&(!r&&n.moveBefore&&a.parentNode?n.moveBefore(a,t):n.insertBefore(a,t||null)),t=a;(t=t&&t.nextSibling)&&t.nodeType==8&&!t.data.startsWith("$s"););return t}function Mo(e,t,n,r){var s,o=e.key,a=e.type,i=t[n],c=i&&!(2&i.__u);if(i===null&&o==null||c&&o==i.key&&a==i.type)return n;if(r>(c?1:0)){for(s=n-1;s>=0;s--)if((i=t[s])&&!(2&i.__u)&&o==i.key&&a==i.type)return s;for(s=n+1;s<t.length;s++)if((i=t[s])&&!(2&i.__u)&&o==i.key&&a==i.type)return s}return-1}function Ln(e,t,n){n==null&&(n=""),t[0]=="-"?e.setProperty(t,n):e[t]=n}function ct(e,t,n,r,s){var o,a;if(t=="style")if(typeof n=="string")e.style.cssText=n;else{if(typeof r=="string"&&(e.style.cssText=r=""),r)for(t in r)n&&t in n||Ln(e.style,t);if(n)for(t in n)r&&n[t]==r[t]||Ln(e.style,t,n[t])}else if(t[0]=="o"&&t[1]=="n")typeof n!="function"&&(n=null),typeof r!="function"&&(r=null),(e.__e||(e.__e={}))[t]=n,n&&r||(a=Gt[t]||(Gt[t]=Co(t)),(e.__a||(e.__a={}))[t]=Kt,o=t!=(t=t.replace(Nn,"$1")),(t=t.slice(2))[0]<"a"&&(t=t.toLowerCase()),n?e.addEventListener(t,a,o):e.removeEventListener(t,a,o));else{if(s=="http://www.w3.org/2000/svg")t=t.replace(/xlink(H|:h)/,"h").replace(/sName$/,"s");else if(t!="width"&&t!="height"&&t!="href"&&t!="list"&&t!="form"&&t!="tabIndex"&&t!="download"&&t!="rowSpan"&&t!="colSpan"&&t!="role"&&t!="popover"&&t in e)try{return void(e[t]=n??"")}catch{}if(typeof n=="function")return;n==null||n===!1&&t[4]!="-"?e.removeAttribute(t):e.setAttribute(t,t=="popover"&&n==1?"":n)}}function Co(e){return function(t){var n=this.__e;if(n){if(n=n[e],t[ut]==null)t[ut]=Kt++;else if(t[ut]<this.__a[e])return;return n(P.event?P.event(t):t)}}}function Vt(e,t,n,r,s,o,a,i,c,u){var p,d,f,m,h,y,g,x,v,b,k,E,L,$,A,B,j,N,S=t.type;if(t.constructor!==Ye)return null;128&n.__u&&(c=32&n.__u,p=n.__c.__z)&&(t.__u|=c,d=o=[],p.nodeType==8?i=dt(p,o):o.push(p),i=o[0]||i),(p=P.__b)&&p(t);e:if(typeof S=="function"){f=a.length;try{if(x=t.props,v=(p=S.prototype)&&p.render,b=(p=S.contextType)&&r[p.__c],k=p?b?b.props.value:p.__:r,(m=n.__c)?(t.__c=m,2&m.__g&&(m.__g|=1)):(v?t.__c=m=new S(x,k):(t.__c=m=new mt(x,k),m.constructor=S,m.render=Lo),b&&b.sub(m),m.state||(m.state={}),m.__n=r,m.__g|=8,m.__h=[],m.__k=[]),v&&(m.__s||(m.__s=m.state),S.getDerivedStateFromProps&&(m.__s==m.state&&(m.__s=ye({},m.__s)),ye(m.__s,S.getDerivedStateFromProps(x,m.__s)))),h=m.props,y=m.state,m.__v=t,n.__c){if(x!==h&&v&&!S.getDerivedStateFromProps&&m.componentWillReceiveProps&&m.componentWillReceiveProps(x,k),t.__v==n.__v&&!(8&m.__g)||!(4&m.__g)&&m.shouldComponentUpdate&&m.shouldComponentUpdate(x,m.__s,k)===!1){t.__v!=n.__v&&(m.props=x,m.state=m.__s,m.__g&=-9),t.__e=n.__e,t.__k=n.__k,t.__k.some(function(C){C&&(C.__=t)}),gt.push.apply(m.__h,m.__k),m.__k=[],m.__h.length&&a.push(m),i=de(n);break e}m.componentWillUpdate&&m.componentWillUpdate(x,m.__s,k),v&&m.componentDidUpdate&&m.__h.push(function(){m.componentDidUpdate(h,y,g)})}else v&&!S.getDerivedStateFromProps&&m.componentWillMount&&m.componentWillMount(),v&&m.componentDidMount&&m.__h.push(m.componentDidMount);m.context=k,m.props=x,m.__P=e,m.__g&=-5,E=P.__r,L=v?25:0;do m.__g&=-9,E&&E(t),p=m.render(m.props,m.state=m.__s,m.context);while(8&m.__g&&++L<25);v&&(gt.push.apply(m.__h,m.__k),m.__k=[]),m.state=m.__s,m.getChildContext&&(r=ye({},r,m.getChildContext())),v&&n.__c&&m.getSnapshotBeforeUpdate&&(g=m.getSnapshotBeforeUpdate(h,y)),$=p&&p.type===D&&p.key==null?p.props.children:p,x.__P&&(p=i,s=(e=x.__P).namespaceURI,c=o=null,n.props&&n.props.__P!=e&&(n.__k.some(function(C){C&&Jt(C,C)}),n.__k=null),i=n.__k?de(n,0):null),i=Bn(e,qt($)?$:[$],t,n,r,s,o,a,i,c,u),x.__P&&(t.__e=null,i=p),t.__u&=-161,d&&d.some(be),m.__h.length&&a.push(m),1&m.__g&&(m.__g&=-4)}catch(C){if(a.length=f,t.__v=null,c||o)if(C&&C.then){if(t.__u|=128|c,o){for(~(j=o.indexOf(i||void 0))||(j=o.length);(N=o[j-1])&&N.nodeType==8;)j--;for(;j<o.length;j++)if(N=o[j])if(o[j]=null,A){if(N==B)break}else{if(N.nodeType!=8)break;N.data.startsWith("$s")&&(B=dt(A=N))}}if(!A){for(;i&&i.nodeType==8&&i.nextSibling;)i=i.nextSibling;A=i}(p=dt(A=t.__c.__z||(t.__c.__z=A)))?(t.__e=A,i=p):t.__e=i,i=i&&i.nextSibling}else o&&o.some(be);else t.__e=n.__e;t.__k||(t.__k=n.__k||[]),C&&C.then||jn(t),P.__e(C,t,n)}}else i=t.__e=Eo(n.__e,t,n,r,s,o,a,c,u,e);return(p=P.diffed)&&p(t),i}function dt(e,t){if(e&&e.nodeType==8&&e.data.startsWith("$s"))for(var n=1;e=e.nextSibling;){if(e.nodeType==8){if(e.data.startsWith("$s"))n++;else if(e.data.startsWith("/$s")&&!--n)return e}t&&t.push(e)}}function jn(e){e&&(e.__c&&(e.__c.__g|=4),e.__k&&e.__k.some(jn))}function zn(e,t,n){for(var r=0;r<n.length;)Yt(n[r++],n[r++],n[r++]);P.__c&&P.__c(t,e),e.some(function(s){try{e=s.__h,s.__h=[],e.some(function(o){o.call(s)})}catch(o){P.__e(o,s.__v)}})}function Eo(e,t,n,r,s,o,a,i,c,u){var p,d,f,m,h,y,g,x,v=n.props||ht,b=t.props,k=t.type;if(k=="svg"?s="http://www.w3.org/2000/svg":k=="math"?s="http://www.w3.org/1998/Math/MathML":s||(s="http://www.w3.org/1999/xhtml"),o){for(p=0;p<o.length;p++)if((h=o[p])&&(k?h.localName==k:h.nodeType==3)){e=h,o[p]=null;break}}if(!e){if(x=u.ownerDocument||document,!k)return x.createTextNode(b);e=x.createElementNS(s,k,b.is?b:u),i&&(P.__m&&P.__m(t,o),i=!1),o=null}if(k){if(u=k=="template"&&e.content||e,o=k=="textarea"&&b.defaultValue!=null?null:o&&Fn.call(u.childNodes),!i&&o)for(v={},p=0;p<e.attributes.length;p++)v[(h=e.attributes[p]).name]=h.value;for(p in v)h=v[p],p=="dangerouslySetInnerHTML"?f=h:p=="children"||p in b||p=="value"&&"defaultValue"in b||p=="checked"&&"defaultChecked"in b||ct(e,p,null,h,s);for(p in b)h=b[p],p=="children"?m=h:p=="dangerouslySetInnerHTML"?d=h:p=="value"?y=h:p=="checked"?g=h:i&&typeof h!="function"||v[p]===h||ct(e,p,h,v[p],s);d?(i||f&&(d.__html==f.__html||d.__html==e.innerHTML)||(e.innerHTML=d.__html),t.__k=[]):(f&&(e.textContent=""),(k=="foreignObject"||s=="http://www.w3.org/1998/Math/MathML"&&So.test(k))&&(s="http://www.w3.org/1999/xhtml"),Bn(u,qt(m)?m:[m],t,n,r,s,o,a,o?o[0]:n.__k&&de(n,0),i,c),o&&o.some(be)),i&&k!="textarea"||(p="value",k=="progress"&&y==null?e.removeAttribute(p):y==null||y===e[p]&&(k!="progress"||y)||ct(e,p,y,v[p],s),p="checked",g!=null&&g!=e[p]&&ct(e,p,g,v[p],s))}else v===b||i&&e.data==b||(e.data=b);return e}function Yt(e,t,n,r){try{typeof e=="function"?t?t.__x=e(t)||1:r&&(r=r.__c||r.__e)&&(t=r.__x)&&(r.__x=null,typeof t=="function"?t():e(null)):e.current=t}catch(s){P.__e(s,n)}}function Jt(e,t,n){var r,s,o,a;if(P.unmount&&P.unmount(e),!(r=e.ref)||r.current&&r.current!=e.__e||Yt(r,null,t,e),r=e.__c){if(r.componentWillUnmount)try{r.componentWillUnmount()}catch(i){P.__e(i,t)}r.__P=r.__n=null}if(r=e.__k)for(a=0;a<r.length;a++)r[a]&&Jt(r[a],t,typeof e.type!="function"||n&&!e.props.__P);!n&&(r=e.__c)&&(r=r.__z)&&(s=dt(r,o=[]))&&(r==e.__e&&o.some(be),be(s),be(r)),n||be(e.__e),e.__e=e.__c=e.__=null}function Lo(e,t,n){return this.constructor(e,n)}function Zt(e,t){var n,r,s,o;P.__&&P.__(e,t),t.nodeType==9&&(t=t.documentElement),r=(n=e&&32&e.__u)?null:t.__k,t.__k=pt(D,{children:[e]}),s=[],o=[],Vt(t,t.__k,r||ht,ht,t.namespaceURI,r?null:t.firstChild?Fn.call(t.childNodes):null,s,r?r.__e:t.firstChild,n,o),zn(s,t.__k,o),t.__k.props.children=null}P={__e:function(e,t,n,r){for(var s,o,a;t=t.__;)if((s=t.__c)&&!(1&s.__g)){s.__g|=4;try{if((a=(o=s.constructor)&&o.getDerivedStateFromError)&&s.setState(o.getDerivedStateFromError(e)),s.componentDidCatch&&(s.componentDidCatch(e,r||{}),a=1),a&&8&s.__g)return void(s.__g|=2)}catch(i){e=i}}throw ft=0,e}},Rn=0,ko=function(e){return e!=null&&e.constructor===Ye},mt.prototype.setState=function(e,t){var n=this.__s;n&&n!=this.state||(n=this.__s=ye({},this.state)),typeof e=="function"&&(e=e(ye({},n),this.props)),e&&(ye(n,e),this.__v&&(t&&this.__k.push(t),En(this)))},mt.prototype.forceUpdate=function(e){this.__v&&(this.__g|=4,e&&this.__h.push(e),En(this))},mt.prototype.render=D,me=[],ft=0,Tn=function(e,t){return e.__v.__b-t.__v.__b},ut=Symbol(),Nn=/(PointerCapture)$|Capture$/i,Kt=0,Gt={},Ao=0;function Xt(e){let t=new DataView(e),n=t.getUint8(6)===1?t.getUint16(8,!0):t.getUint32(8,!0),r=(t.getUint8(6)===1?10:12)+n,s=new TextDecoder("latin1").decode(new Uint8Array(e,r-n,n)),o=/'descr':\s*'([^']+)'/.exec(s)?.[1],a=(/'shape':\s*\(([^)]*)\)/.exec(s)?.[1]??"").split(",").filter(c=>c.trim()!=="").map(Number),i=e.slice(r);switch(o){case"<f4":return{shape:a,data:new Float32Array(i)};case"<f8":return{shape:a,data:new Float64Array(i)};case"<i4":return{shape:a,data:new Int32Array(i)}}throw new Error(`an array of type ${o} cannot be shown`)}var X=class extends Error{constructor(n,r,s=""){super(r);this.code=n;this.hint=s}code;hint};function V(e){return e instanceof X?e:new X("internal",String(e))}var Se=new X("unavailable","The daemon does not answer.","It may have stopped. Open the page anew with: vectory run"),Gn="api/v1/",Qt=async(e,t,n)=>{let r={method:e};n!==void 0&&(r.body=JSON.stringify(n),r.headers={"Content-Type":"application/json"});try{return await fetch(Gn+t,r)}catch{throw Se}},bt=Qt;function Je(){return bt===Qt}function Kn(e){bt=e}async function J(e,t,n){let r=await bt(e,t,n);if(!r.ok){let s=await r.json().catch(()=>null);throw new X(s?.error.code??"internal",s?.error.message??`the daemon answered ${r.status}`,s?.error.hint)}return r}async function F(e){return(await J("GET",e)).json()}var M=encodeURIComponent,Dn={dataset:"datasets",experiment:"experiments",space:"spaces",comparison:"comparisons",index:"indices"},Wn=e=>e==="comparison"||e==="index"?"":"recursive=true&",w={openSession:e=>J("POST","session",{ticket:e}),spaces:async()=>(await F("spaces")).spaces,datasets:async()=>(await F("datasets")).datasets,experiments:async()=>(await F("experiments")).experiments,comparisons:async()=>(await F("comparisons")).comparisons,measures:async()=>(await F("measures")).measures,jobs:async()=>(await F("jobs")).jobs,indices:async()=>(await F("indices")).indices,wouldGo:async(e,t)=>e==="index"?[]:(await(await J("DELETE",`${Dn[e]}/${M(t)}?${Wn(e)}dry_run=true`)).json()).deleted,remove:(e,t)=>J("DELETE",`${Dn[e]}/${M(t)}?${Wn(e)}`),selections:async(e={})=>{let t=e.space?`space=${M(e.space)}`:`comparison=${M(e.comparison??"")}`;return(await F(`selections?${t}`)).selections},saveSelection:async e=>(await J("POST","selections",e)).json(),changeSelection:async(e,t)=>(await J("PATCH",`selections/${e}`,t)).json(),removeSelection:e=>J("DELETE",`selections/${e}`),query:async(e,t,n)=>(await(await J("POST","query",{spaces:[e],vector:t,k:n})).json()).results[0],comparison:e=>F(`comparisons/${M(e)}`),items:(e,t,n)=>F(`comparisons/${M(e)}/items?order=${t}&limit=${n}&lists=true`),space:e=>F(`spaces/${M(e)}`),duplicates:(e,t)=>F(`spaces/${M(e)}/duplicates?from=0&to=${t}`),item:async(e,t)=>(await F(`comparisons/${M(e)}/items?row=${t}`)).items[0],neighbours:(e,t,n)=>F(`spaces/${M(e)}/neighbours?row=${t}&k=${n}`),values:async(e,t)=>Xt(await(await J("GET",`comparisons/${M(e)}/rows?column=${M(t)}`)).arrayBuffer()),column:(e,t)=>F(`datasets/${M(e)}/columns/${M(t)}`),dataset:e=>F(`datasets/${M(e)}`),row:async(e,t)=>await F(`datasets/${M(e)}/rows?from=${t}&to=${t+1}`),find:(e,t,n)=>F(`datasets/${M(e)}/rows?filter=${M(t)}&from=0&to=${n}`),byId:async(e,t)=>(await F(`spaces/${M(e)}/neighbours?id=${M(t)}&k=1`)).row,grade:e=>F(`spaces/${M(e)}/grade`),layout:async e=>(await J("POST","layouts",e)).json(),layouts:async()=>(await F("layouts")).layouts,layoutNow:e=>F(`layouts/${M(e)}`),frame:async(e,t)=>Xt(await(await J("GET",`layouts/${M(e)}/frame?column=${M(t)}`)).arrayBuffer()),compare:async(e,t,n,r={})=>(await J("POST","comparisons",{a:e,b:t,k:n,...r})).json(),job:(e,t)=>F(`jobs/${M(e)}?wait=${t}`),cancel:e=>J("DELETE",`jobs/${M(e)}`)};function en(e,t,n){return bt===Qt?Gn+qn(e,t,n):null}function qn(e,t,n){return`datasets/${M(e)}/media/${t}/${M(n)}`}var Hn=new Map;function tn(e,t,n){let r=qn(e,t,n),s=Hn.get(r);return s||(s=J("GET",r).then(async o=>URL.createObjectURL(await o.blob())),Hn.set(r,s)),s}var Vn=`:root {
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
.asked {
  display: block;
  color: var(--muted);
  font-size: 12.5px;
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
  padding: 9px 12px;
  text-align: left;
  vertical-align: top;
  border-top: 1px solid var(--line);
}
.scroll th,
.scroll td {
  max-width: min(360px, 60vw);
  overflow-wrap: break-word; /* a table would sooner break a word anywhere than scroll */
}
.scroll td:first-child {
  min-width: 128px; /* a table that scrolls has room for names */
}
.scroll .whole {
  white-space: nowrap;
}
.environment {
  display: grid;
  gap: 2px;
  margin-top: 4px;
}
.environment > div {
  display: flex;
  flex-wrap: wrap;
  gap: 0 6px;
}
.environment dt {
  color: var(--muted);
}
.environment dd {
  margin: 0;
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
.shift {
  color: var(--shared);
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
.tip {
  position: absolute;
  z-index: 2;
  display: flex;
  gap: 8px;
  width: max-content;
  max-width: min(280px, 70%);
  padding: 8px 10px;
  border: 1px solid var(--line);
  border-radius: 8px;
  font-size: 13px;
  line-height: 1.35;
  background: var(--surface);
  box-shadow: var(--shadow);
  pointer-events: none;
  overflow-wrap: anywhere;
}
.tip p {
  margin: 2px 0 0;
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
.keys-list button {
  margin-top: 14px;
}
.curve svg,
.curve figcaption {
  width: min(100%, 640px);
}
.curve svg {
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
`;function Z(e){return String(e).replace(/\B(?=(\d{3})+$)/g,",")}function U(e,t,n=`${t}s`){return`${Z(e)} ${e===1?t:n}`}function ie(e){return e!==0&&Math.abs(e)<5e-4?e.toExponential(1):e.toFixed(3)}function Yn(e){return`${(100*e).toFixed(1)} %`}function nn(e){if(!Number.isFinite(e))return"\u2013";let t=Math.abs(e);return t!==0&&(t<1e-4||t>=1e6)?e.toExponential(3):e.toPrecision(4)}function T(e,t){let n=Array.from(e.length>4*t?e.slice(0,4*t):e);return n.length<=t?{text:e,whole:!0}:{text:`${n.slice(0,t).join("").trimEnd()}\u2026`,whole:!1}}var Ze=[[0,114,178],[230,159,0],[0,158,115],[204,121,167],[86,180,233],[150,140,20],[110,80,160],[120,85,60],[15,135,145],[190,150,220]],fe=[150,155,163],on=null;function Qn(e){on=e}function sn(){return(on?on==="dark":matchMedia("(prefers-color-scheme: dark)").matches)?[240,243,248]:[20,23,28]}var rn=[[68,1,84],[71,44,122],[59,81,139],[44,113,142],[33,144,141],[39,173,129],[92,200,99],[170,220,50],[253,231,37]];function To(e){let t=Math.max(0,Math.min(1,e))*(rn.length-1),n=rn[Math.floor(t)]??fe,r=rn[Math.ceil(t)]??fe,s=t-Math.floor(t);return[0,1,2].map(o=>Math.round((n[o]??0)*(1-s)+(r[o]??0)*s))}var Xe=190,Pe=1;function et(e,t,n){let r=new Array(t.length).fill(0);for(let m=0;m<e.length;m++){let h=e[m]??0;r[h]=(r[h]??0)+1}let s=t.map((m,h)=>h).filter(m=>(r[m]??0)>0);s.length>Ze.length&&s.sort((m,h)=>(r[h]??0)-(r[m]??0)||m-h);let a=s.slice(0,Ze.length),i=new Map(a.map((m,h)=>[m,Ze[h]??fe])),c=Uint32Array.from(t,(m,h)=>Qe(i.get(h)??fe,n.size===0||n.has(m)?Xe:20)),u=new Uint32Array(e.length);for(let m=0;m<u.length;m++)u[m]=c[e[m]??0]??0;let p=a.map(m=>({name:t[m]??"",colour:i.get(m)??fe,count:r[m]??0})),d=s.slice(Ze.length).reduce((m,h)=>m+(r[h]??0),0);if(d>0){let m=U(s.length-Ze.length,"other");p.push({name:m,colour:fe,count:d,fixed:!0})}let f=m=>t[e[m]??-1]??"";return{colours:new Uint8Array(u.buffer),keys:p,range:null,tell:f}}function Qe([e,t,n],r){return new Uint32Array(Uint8Array.of(e,t,n,r).buffer)[0]??0}function er(e,t){let n=Float64Array.from(e).filter(Number.isFinite).sort();return n[Math.floor(t*n.length)]}function tt(e,t){let n=Number.POSITIVE_INFINITY,r=Number.NEGATIVE_INFINITY;for(let d=0;d<e.length;d++){let f=e[d]??Number.NaN;Number.isFinite(f)&&(n=Math.min(n,f),r=Math.max(r,f))}let s=t!==void 0&&t<r;r=s?t:r;let o=1024,a=Uint32Array.from({length:o+1},(d,f)=>Qe(To(f/o),Xe)),i=Qe(fe,Xe),c=new Uint32Array(e.length);for(let d=0;d<e.length;d++){let f=e[d]??Number.NaN,m=r>n?Math.min(1,(f-n)/(r-n)):.5;c[d]=Number.isFinite(f)?a[Math.round(m*o)]??i:i}let u=n<=r?[n,r]:null,p=d=>an(e[d]);return{colours:new Uint8Array(c.buffer),keys:[],range:u,more:s,tell:p}}function an(e=Number.NaN){return Number.isFinite(e)?String(Number(e.toPrecision(3))):"\u2013"}function tr(e,t){let n=Float32Array.from(e,i=>i>t?i:Number.NaN),r=n.reduce((i,c)=>i+(Number.isNaN(c)?1:0),0),s=tt(n,er(n,.98));for(let i=0;i<n.length;i++)t>0&&Number.isNaN(n[i])&&(s.colours[4*i+3]=Xe|Pe);let o={name:`moved by the map, not the model (\u2264 ${t.toPrecision(2)})`,colour:fe,count:r},a=t>0&&r>0?[{...o,fixed:!0,hatched:!0}]:[];return{...s,keys:a,tell:i=>an(e[i])}}var Jn=[213,120,0],Zn=[165,168,174],Xn=[0,114,178];function nr(e){let t=Math.max(1,er(Array.from(e,Math.abs),.98)??1),n=new Uint32Array(e.length),r=[0,0,0];for(let i=0;i<n.length;i++){let c=Math.max(-1,Math.min(1,(e[i]??0)/t))||0,u=c<0?Jn:Xn,p=Math.abs(c),d=Zn.map((f,m)=>Math.round(f+((u[m]??f)-f)*p));n[i]=Qe(d,Xe),r[Math.sign(c)+1]=(r[Math.sign(c)+1]??0)+1}let s=["in fewer lists","in as many","in more lists"],o=[Jn,Zn,Xn].map((i,c)=>({name:s[c]??"",colour:i,count:r[c]??0,fixed:!0})),a=i=>`${(e[i]??0)>0?"+":""}${an(e[i])}`;return{colours:new Uint8Array(n.buffer),keys:o,range:null,tell:a}}function No(e){return e.length>12&&e.every(t=>t===""||t.trim()!==""&&Number.isFinite(Number(t)))}function yt(e,t,n){let{codes:r,values:s}=e;if(!No(s)){let i=new Uint32Array(t.length);for(let c=0;c<i.length;c++)i[c]=r[t[c]??0]??0;return et(i,s,n)}let o=s.map(i=>i===""?Number.NaN:Number(i)),a=new Float64Array(t.length);for(let i=0;i<a.length;i++)a[i]=o[r[t[i]??0]??0]??Number.NaN;return tt(a)}function nt(e,t){if(t.length===0)return e;let n=e.colours.slice(),r=new Uint8Array(n.length/4);for(let s of t)r[s]=1;for(let s=0;s<r.length;s++)if(!r[s]){let o=n[4*s+3]??0;n[4*s+3]=Math.min(o,24)|o&Pe}return{...e,colours:n}}function xt(e){let t=new Uint32Array(e).fill(Qe([91,143,201],150));return{colours:new Uint8Array(t.buffer),keys:[],range:null}}function rr(e,t,n){return sr(()=>w.compare(e,t,n))}async function or(e,t){return sr(()=>w.compare(e.a,e.b,t.k??e.k,{metric_a:t.metric??e.metric_a,metric_b:t.metric??e.metric_b,preset:e.preset??"",sample:e.sampled_rows??0,exact:e.exact,engine:e.engine,by:t.by??[]}))}async function sr(e){let t=await e();for(;!t.comparison&&t.job;){let n=await w.job(t.job.id,10);if(n.error)throw new X(n.error.code,n.error.message,n.error.hint);n.state==="done"&&(t={comparison:await w.comparison(n.result??"")})}if(!t.comparison)throw V("the comparison was canceled");return t.comparison}var $e,G,ln,ar,cn=Object.is,ot=0,hr=[],un=[],W=P,ir=W.__b,lr=W.__r,cr=W.diffed,ur=W.__c,pr=W.unmount,mr=W.__;function vt(e,t){W.__h&&W.__h(G,e,ot||t),ot=0;var n=G.__H||(G.__H={__:[],__h:[]});return e>=n.__.length&&n.__.push({}),n.__[e]}function _(e){return ot=1,Fo(br,e)}function Fo(e,t,n){var r=vt($e++,2);if(r.t=e,!r.__c&&(r.__=[n?n(t):br(void 0,t),function(o){var a=(r.__N||r.__)[0],i=r.t(a,o);cn(a,i)||(r.__N=[i,r.__[1]],r.__c.setState({}))}],r.__c=G,!G.__f)){G.__f=!0;var s=G.shouldComponentUpdate;G.shouldComponentUpdate=function(o,a,i){var c=this.__H;if(!c)return!0;var u=!1,p=this.props!=o;if(c.__.some(function(f){f.__N&&(u=!0,cn(f.__[0],f.__N[0])||(p=!0))}),s){var d=s.call(this,o,a,i);return u?d||p:d}return!u||p}}return r.__}function R(e,t){var n=vt($e++,3);!W.__s&&mn(n.__H,t)&&(n.__P=!0,n.__=e,n.u=t,G.__H.__h.push(n))}function Q(e,t){var n=vt($e++,4);!W.__s&&mn(n.__H,t)&&(n.__P=!1,n.__=e,n.u=t,G.__h.push(n))}function ee(e){return ot=5,O(function(){return{current:e}},[])}function O(e,t){var n=vt($e++,7);return mn(n.__H,t)&&(n.__=e(),n.__H=t),n.__}function gr(e,t){return ot=8,O(function(){return e},t)}function Oo(){var e;do{for(;e=un.shift();)try{rt(e)}catch(n){W.__e(n,{__:(e=e.__P)&&e.__v})}for(;e=hr.shift();){var t=e.__H;if(e.__P&&t)try{t.__h.some(rt),t.__h.some(pn),t.__h=[]}catch(n){t.__h=[],W.__e(n,e.__v)}}}while(un.length)}W.__b=function(e){G=null,ir&&ir(e)},W.__=function(e,t){e&&t.__k&&t.__k.__m&&(e.__m=t.__k.__m),mr&&mr(e,t)},W.__r=function(e){lr&&lr(e),$e=0;var t=(G=e.__c).__H;t&&(ln==G?G.__h=[]:(t.__h.some(rt),t.__h.some(pn),$e=0),t.__h=[],t.__.some(function(n){n.__N&&(n.__=n.__N),n.u=n.__N=void 0})),ln=G},W.diffed=function(e){cr&&cr(e);var t=e.__c;t&&t.__H&&(t.__H.__h.length&&fr(hr.push(t)),t.__H.__.some(function(n){n.u&&(n.__H=n.u)})),ln=G=null},W.__c=function(e,t){t.some(function(n){try{n.__h.some(rt),n.__h=n.__h.filter(function(r){return!r.__||pn(r)})}catch(r){n.__h=[function(){throw r}]}}),ur&&ur(e,t)},W.unmount=function(e){pr&&pr(e);var t,n,r=e.__c;r&&r.__H&&(r.__H.__.some(function(s){try{if(s.__P&&s.__c){if(n===void 0){for(n=e.__;n&&(!n.__c||!n.__c.__P);)n=n.__;n=n&&n.__c}s.__P=n,fr(un.push(s))}else rt(s)}catch(o){t=o}}),r.__H=void 0,t&&W.__e(t,r.__v))};var dr=typeof requestAnimationFrame=="function";function Io(e){var t,n=function(){clearTimeout(r),dr&&cancelAnimationFrame(t),setTimeout(e)},r=setTimeout(n,35);dr&&(t=requestAnimationFrame(n))}function fr(e){e!=1&&ar==W.requestAnimationFrame||((ar=W.requestAnimationFrame)||Io)(Oo)}function rt(e){var t=G,n=e.__c;typeof n=="function"&&(e.__c=void 0,n()),G=t}function pn(e){var t=G;e.__c=e.__(),G=t}function mn(e,t){return!e||e.length!=t.length||t.some(function(n,r){return!cn(n,e[r])})}function br(e,t){return typeof t=="function"?t(e):t}function K(e,t,n){let r=()=>e?.get(t)??n,[s,o]=_(r);return R(()=>e?.on(t,()=>o(r())),[e,t,n]),[s,i=>{o(i),e?.set(t,i)}]}var Bo=[];function Me(e,t){let[n,r]=K(e,"item",-1),[s,o]=K(e,"selection",Bo),a=O(()=>wt(t),[t]),i=O(()=>{let u=[];for(let p of s){let d=a(p);d>=0&&u.push(d)}return u},[s,a]),c=u=>t?.[u]??-1;return{chosen:a(n),selection:i,rows:s,open:r,choose:u=>r(c(u)),selectRows:o,select:u=>o(u.map(c).sort((p,d)=>p-d)),hover:u=>e?.set("hovered",u<0?null:c(u))}}var yr=new WeakMap;function wt(e){if(!e)return()=>-1;let t=yr.get(e);if(!t){let r=-1;for(let s=0;s<e.length;s++)r=Math.max(r,e[s]??-1);t=new Int32Array(r+1).fill(-1);for(let s=0;s<e.length;s++)t[e[s]??0]=s;yr.set(e,t)}let n=t;return r=>n[r]??-1}function I(e,t){let[n,r]=_(0),[s,o]=_({value:null,error:null});Q(()=>{let i=!0;return e().then(c=>i&&o({value:c,error:null}),c=>i&&o(u=>({value:u.value,error:V(c)}))),()=>{i=!1}},[...t,n]);let a=gr(()=>r(i=>i+1),[]);return{...s,again:a}}var Uo=Symbol.for("pv"),jo=0;function l(e,t,n,r,s,o){t||(t={});var a,i,c=t;if("ref"in c&&typeof e!="function")for(i in c={},t)i=="ref"?a=t[i]:c[i]=t[i];var u={type:e,props:c,key:n,ref:a,__k:null,__:null,__b:0,__e:null,__c:null,constructor:Uo,__v:--jo,__i:-1,__u:0};return(s||o)&&(u.__source=s,u.__self=o),P.vnode&&P.vnode(u),u}var zo=[["arrows","the nearest item in that direction"],["Shift + arrows","move the map"],["+ \u2212 0","zoom in, out, the whole map"],["[ ]","the neighbour before, the next one"],["P","play or stop the sound of the item that is pointed at"],["L","draw a lasso; again: move"],["B","to the other map"],["W A S D","turn a map of three dimensions"],["Z","undo: the state before"],["Esc","no item, no selection"],["?","this list"]];function xr({open:e,close:t}){let n=ee(null);return R(()=>{e&&!n.current?.open&&n.current?.showModal()},[e]),l("dialog",{ref:n,class:"keys-list","aria-label":"Keys of the maps",onClose:t,children:[l("h3",{children:"Keys, when a map has the focus"}),l("dl",{children:zo.map(([r,s])=>l("div",{children:[l("dt",{children:l("kbd",{children:r})}),l("dd",{children:s})]},r))}),l("button",{type:"button",onClick:()=>n.current?.close(),children:"Close"})]})}function H({error:e,again:t}){return l("div",{class:"failure",role:"alert",children:[l("p",{children:l("strong",{children:vr(e.message)})}),e.hint&&l("p",{children:vr(e.hint)}),t&&l("button",{type:"button",onClick:t,children:"Try again"})]})}function vr(e){return e.charAt(0).toUpperCase()+e.slice(1)}function ne({what:e}){return l("p",{class:"waiting",role:"status",children:["Loading ",e," \u2026"]})}function st({text:e,limit:t}){let[n,r]=_(!1),s=T(e,t);return s.whole?l(D,{children:e}):l(D,{children:[n?e:s.text," ",l("button",{type:"button",class:"link",onClick:()=>r(!n),children:n?"less":"more"})]})}function Y({of:e,limit:t=Do}){let n=T(e,t),s=(n.text.match(/[^/_-]*[/_-]+|[^/_-]+/g)??[]).flatMap((o,a)=>a===0?[o]:[l("wbr",{},a),o]);return l("span",{title:n.whole?void 0:e,children:s})}var Do=200;function wr(e,t){let{width:n,height:r}=e.canvas,s=new ImageData(n,r);Wo(s.data,n,r,t),e.putImageData(s,0,0)}function Wo(e,t,n,r){let{places:s,colours:o,step:a,edge:i,left:c,top:u,scale:p}=r,d=i/6;for(let f=0;2*f<s.length;f+=a){let m=Math.round(c+p*(s[2*f]??0)-i/2),h=Math.round(u-p*(s[2*f+1]??0)-i/2),y=o[4*f+3]??0,[g,x,v,b]=[-Math.min(m,0),Math.min(i,t-m),-Math.min(h,0),Math.min(i,n-h)];for(let k=v;k<b;k++)for(let E=g;E<x;E++){if(y&Pe&&Math.abs(E+k+1-i)>d)continue;let L=4*((h+k)*t+m+E),$=(e[L+3]??0)*(1-y/255),A=y+$;for(let B=0;B<3;B++)e[L+B]=((o[4*f+B]??0)*y+(e[L+B]??0)*$)/A;e[L+3]=A}}}var Ho=`#version 300 es
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
}`,Go=`#version 300 es
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
}`;var _t=class{constructor(t){this.gl=t;this.program=Ko(t),t.enable(t.BLEND),t.blendFunc(t.ONE,t.ONE_MINUS_SRC_ALPHA),this.places=t.createBuffer(),this.colours=t.createBuffer(),this.extra=t.createBuffer(),this.pointsArray=t.createVertexArray(),this.extraArray=t.createVertexArray(),t.bindVertexArray(this.extraArray),t.bindBuffer(t.ARRAY_BUFFER,this.extra);for(let[n,r,s]of[[0,2,0],[1,4,8],[2,2,24]])t.enableVertexAttribArray(n),t.vertexAttribPointer(n,r,t.FLOAT,!1,32,s);this.kept=t.createFramebuffer(),this.picture=t.createRenderbuffer()}gl;program;uniforms=new Map;places;colours;extra;pointsArray;extraArray;kept;picture;base="";upload(t,n){let{gl:r}=this;r.bindBuffer(r.ARRAY_BUFFER,this[t]),r.bufferData(r.ARRAY_BUFFER,n,r.DYNAMIC_DRAW),this.base=""}draw(t){let{gl:n}=this,{marks:r,trails:s,...o}=t,a=JSON.stringify([o,s]),i=a!==this.base;n.viewport(0,0,t.width,t.height),this.set(t),i&&(n.bindFramebuffer(n.FRAMEBUFFER,this.kept),n.bindRenderbuffer(n.RENDERBUFFER,this.picture),n.renderbufferStorage(n.RENDERBUFFER,n.RGBA8,t.width,t.height),n.framebufferRenderbuffer(n.FRAMEBUFFER,n.COLOR_ATTACHMENT0,n.RENDERBUFFER,this.picture),n.clear(n.COLOR_BUFFER_BIT),this.vertices(n.LINES,s),this.points(t.n,t.step),this.base=a),n.bindFramebuffer(n.FRAMEBUFFER,null),n.clear(n.COLOR_BUFFER_BIT),n.bindFramebuffer(n.READ_FRAMEBUFFER,this.kept);let c=[0,0,t.width,t.height];return n.blitFramebuffer(...c,...c,n.COLOR_BUFFER_BIT,n.NEAREST),n.bindFramebuffer(n.FRAMEBUFFER,null),this.vertices(n.POINTS,r),i}set({camera:t,width:n,height:r,pointSize:s,ratio:o}){let{gl:a}=this;a.useProgram(this.program),a.uniform3f(this.at("camera"),t.x,t.y,t.zoom),a.uniform2f(this.at("size"),n,r),a.uniform1f(this.at("points"),s),a.uniform1f(this.at("ratio"),o)}points(t,n){let{gl:r}=this;r.uniform1i(this.at("line"),0),r.uniform1i(this.at("marked"),0),r.bindVertexArray(this.pointsArray),r.bindBuffer(r.ARRAY_BUFFER,this.places),r.enableVertexAttribArray(0),r.vertexAttribPointer(0,2,r.FLOAT,!1,8*n,0),r.bindBuffer(r.ARRAY_BUFFER,this.colours),r.enableVertexAttribArray(1),r.vertexAttribPointer(1,4,r.UNSIGNED_BYTE,!0,4*n,0),r.drawArrays(r.POINTS,0,Math.ceil(t/n))}vertices(t,n){let{gl:r}=this;n.length!==0&&(r.uniform1i(this.at("line"),t===r.LINES?1:0),r.uniform1i(this.at("marked"),t===r.LINES?0:1),r.bindVertexArray(this.extraArray),r.bindBuffer(r.ARRAY_BUFFER,this.extra),r.bufferData(r.ARRAY_BUFFER,new Float32Array(n),r.DYNAMIC_DRAW),r.drawArrays(t,0,n.length/8))}at(t){let n=this.uniforms.get(t);return n===void 0&&(n=this.gl.getUniformLocation(this.program,t),this.uniforms.set(t,n)),n}};function _r(e){let t=e.getExtension("WEBGL_debug_renderer_info"),n=String(e.getParameter(t?t.UNMASKED_RENDERER_WEBGL:e.RENDERER));return/swiftshader|llvmpipe|softpipe|software|basic render/i.test(n)}function Ko(e){let t=e.createProgram();for(let[n,r]of[[e.VERTEX_SHADER,Ho],[e.FRAGMENT_SHADER,Go]]){let s=e.createShader(n);if(!s)throw new Error("the graphics context is lost");e.shaderSource(s,r),e.compileShader(s),e.attachShader(t,s)}if(e.linkProgram(t),!e.getProgramParameter(t,e.LINK_STATUS)&&!e.isContextLost())throw new Error(e.getProgramInfoLog(t)??"the shaders do not link");return t}var Ce=class{constructor(t){this.places=t;let n=t.length/2;this.ids=new Uint32Array(n);let r=new Uint32Array(n);for(let o=0;o<n;o++){let a=le(t[2*o+1]??0)*256+le(t[2*o]??0);r[o]=a,this.start[a+1]=(this.start[a+1]??0)+1}for(let o=0;o<256*256;o++)this.start[o+1]=(this.start[o+1]??0)+(this.start[o]??0);let s=this.start.slice(0,-1);for(let o=0;o<n;o++){let a=r[o]??0;this.ids[s[a]??0]=o,s[a]=(s[a]??0)+1}}places;start=new Uint32Array(256*256+1);ids;nearest(t,n,r){let s=-1,o=r*r;for(let a=le(n-r);a<=le(n+r);a++)for(let i=le(t-r);i<=le(t+r);i++){let c=a*256+i;for(let u=this.start[c]??0;u<(this.start[c+1]??0);u++){let p=this.ids[u]??0,d=((this.places[2*p]??0)-t)**2+((this.places[2*p+1]??0)-n)**2;d<=o&&(s=p,o=d)}}return s}within(t){let n=Jo(t),r=new Uint8Array(this.ids.length);for(let o=0;o<256;o++){let a=Vo(t,(o+.5)/256);for(let i=0;i<256;i++){let c=o*256+i,u=this.start[c+1]??0,p=this.start[c]??0;if(n[c])for(;p<u;p++){let d=this.ids[p]??0;r[d]=qo(t,this.places[2*d]??0,this.places[2*d+1]??0)?1:0}else if(Yo(a,(i+.5)/256))for(;p<u;p++)r[this.ids[p]??0]=1}}let s=[];for(let o=0;o<r.length;o++)r[o]&&s.push(o);return s}};function qo(e,t,n){let r=!1,[s,o]=e.at(-1)??[0,0];for(let[a,i]of e)i>n!=o>n&&t<(s-a)*(n-i)/(o-i)+a&&(r=!r),[s,o]=[a,i];return r}function Vo(e,t){let n=[],[r,s]=e.at(-1)??[0,0];for(let[o,a]of e)a>t!=s>t&&n.push((r-o)*(t-a)/(s-a)+o),[r,s]=[o,a];return n}function Yo(e,t){return e.reduce((n,r)=>t<r?!n:n,!1)}function Jo(e){let t=new Uint8Array(65536);for(let s=0;s<256;s++)for(let o of[s,s+256*255,s*256,(s+1)*256-1])t[o]=1;let[n,r]=e.at(-1)??[0,0];for(let[s,o]of e){let[a,i]=[Math.min(o,r),Math.max(o,r)],c=i>a?(n-s)/(r-o):0,u=p=>s+c*(p-o);for(let p=le(a-kt);p<=le(i+kt);p++){let d=i>a?u(Math.max(a,p/256)):s,f=i>a?u(Math.min(i,(p+1)/256)):n,m=le(Math.max(d,f)+kt);for(let h=le(Math.min(d,f)-kt);h<=m;h++)t[p*256+h]=1}[n,r]=[s,o]}return t}var kt=1e-6;function le(e){return Math.max(0,Math.min(255,Math.floor(e*256)))}var Ee={x:.5,y:.5,zoom:1},Xo=["circle","triangle","square","ring"],dn=3e4,kr=200,Ar=200,At=class{constructor(t){this.canvas=t;t.addEventListener("webglcontextlost",this.lost),t.addEventListener("webglcontextrestored",this.restored),this.cover()}canvas;n=0;camera=Ee;size=4;places=new Float32Array(0);colours=new Uint8Array(0);marks=[];trails=[];from=null;queued=0;grid=null;gl=null;graphics=null;paper=null;begun=!1;forgetBegin=null;slow=!1;movedAt=Number.NEGATIVE_INFINITY;settling=0;close(){cancelAnimationFrame(this.queued),clearTimeout(this.settling),this.forgetBegin?.(),this.canvas.removeEventListener("webglcontextlost",this.lost),this.canvas.removeEventListener("webglcontextrestored",this.restored),this.gl?.getExtension("WEBGL_lose_context")?.loseContext(),this.paper?.remove()}accelerate(){this.begun=!0,this.gl=this.canvas.getContext("webgl2",{antialias:!1,alpha:!0}),this.gl&&(this.slow=_r(this.gl),this.uncover(this.gl))}cover(){this.graphics=null;let t=document.createElement("canvas");t.className="points-plain",t.setAttribute("aria-hidden","true"),this.canvas.after(t),this.paper=t,this.draw()}uncover(t){this.graphics=new _t(t),this.graphics.upload("places",this.places),this.graphics.upload("colours",this.colours);let{paper:n}=this;this.paper=null,this.drawNow(),n?.remove()}lost=t=>{t.preventDefault(),this.cover()};restored=()=>{this.gl&&this.uncover(this.gl)};get accelerated(){return this.graphics!==null}move(t){this.places=t,this.grid=null;let n=t.length/2;n!==this.n&&(this.n=n,this.colours=new Uint8Array(4*n).fill(150),this.graphics?.upload("colours",this.colours)),this.graphics?.upload("places",t),this.stir()}paint(t){t.length===4*this.n&&(this.colours=t,this.graphics?.upload("colours",t),this.draw())}mark(t){this.marks=t.filter(n=>n.id>=0&&n.id<this.n),this.draw()}look(t){let n=t!==this.camera;this.camera=t,n&&this.stir()}trail(t,n){this.trails=t,this.from=n,this.draw()}draw(){this.queued||=requestAnimationFrame(()=>{this.queued=0,this.drawNow()})}stir(){this.movedAt=performance.now(),clearTimeout(this.settling),this.settling=setTimeout(()=>{(this.step()>1||!this.grid)&&(this.movedAt=Number.NEGATIVE_INFINITY,this.grid??=new Ce(this.places),this.draw())},kr),this.draw()}step(){return this.slow&&performance.now()-this.movedAt<kr?Math.max(1,Math.min(31,Math.ceil(this.n/dn))):1}drawNow(t=globalThis.devicePixelRatio||1,n=this.step()){let{clientWidth:r,clientHeight:s}=this.canvas,o=Math.max(1,Math.round(r*t)),a=Math.max(1,Math.round(s*t)),i=this.paper??this.canvas;if((i.width!==o||i.height!==a)&&(i.width=o,i.height=a),!this.graphics){this.drawPlain(o,a,t),!this.begun&&this.n>0&&(this.forgetBegin??=fn(()=>this.accelerate()));return}let{camera:c,n:u}=this,p=this.pointSize(),d=this.trailVertices(),f=this.markVertices(),m={width:o,height:a,ratio:t,camera:c,n:u,step:n,pointSize:p,trails:d,marks:f};this.graphics.draw(m)&&n===1&&u>dn&&!this.slow&&this.time(this.graphics.gl)}time(t){let n=t.fenceSync(t.SYNC_GPU_COMMANDS_COMPLETE,0),r=performance.now(),s=()=>{if(!n||t.isContextLost())return;let o=performance.now()-r;if(t.getSyncParameter(n,t.SYNC_STATUS)!==t.SIGNALED&&o<Ar){setTimeout(s,20);return}this.slow=o>=Ar,t.deleteSync(n)};setTimeout(s,0)}picture(t){this.drawNow(t,1);let n=(this.paper??this.canvas).toDataURL("image/png");return this.drawNow(),n}markVertices(){return this.marks.flatMap(({id:t,colour:[n,r,s],shape:o,size:a})=>[this.places[2*t]??0,this.places[2*t+1]??0,n/255,r/255,s/255,1,Xo.indexOf(o),a])}trailVertices(){let{from:t,places:n,colours:r}=this;return t?this.trails.flatMap(s=>{let o=[0,1,2].map(c=>(r[4*s+c]??0)/255),a=[t[2*s]??0,t[2*s+1]??0],i=[n[2*s]??0,n[2*s+1]??0];return[...a,...o,.1,0,0,...i,...o,.75,0,0]}):[]}pointSize(){let t=Math.max(.35,Math.min(1,Math.sqrt(2e4/Math.max(this.n,1))));return Math.max(1.5,this.size*t*Math.min(2.5,this.camera.zoom**.3))}drawPlain(t,n,r){let s=this.paper?.getContext("2d",{willReadFrequently:!0});if(!s)return;let{places:o,colours:a,camera:i}=this,c=this.scale()*r;wr(s,{places:o,colours:a,scale:c,step:Math.max(1,Math.ceil(this.n/dn)),edge:Math.max(1,Math.round(this.pointSize()*r)),left:t/2-c*i.x,top:n/2+c*i.y}),s.setTransform(r,0,0,r,0,0),this.drawTrails(s);for(let u of this.marks){let[p,d]=this.toPixel(u.id);Qo(s,u,p,d)}}drawTrails(t){let{from:n}=this;t.globalCompositeOperation="destination-over";for(let r of n?this.trails:[]){let[s,o,a]=this.colours.subarray(4*r,4*r+3);t.strokeStyle=`rgb(${s} ${o} ${a} / 0.5)`,t.beginPath(),t.moveTo(...this.onCanvas(n?.[2*r]??0,n?.[2*r+1]??0)),t.lineTo(...this.toPixel(r)),t.stroke()}t.globalCompositeOperation="source-over"}scale(){return Math.min(this.canvas.clientWidth,this.canvas.clientHeight)*this.camera.zoom}toPlot(t,n){let{clientWidth:r,clientHeight:s}=this.canvas,o=this.scale();return[(t-r/2)/o+this.camera.x,(s/2-n)/o+this.camera.y]}toPixel(t){return this.onCanvas(this.places[2*t]??0,this.places[2*t+1]??0)}onCanvas(t,n){let{clientWidth:r,clientHeight:s}=this.canvas,o=this.scale();return[(t-this.camera.x)*o+r/2,s/2-(n-this.camera.y)*o]}pick(t,n,r=8){this.grid??=new Ce(this.places);let[s,o]=this.toPlot(t,n);return this.grid.nearest(s,o,r/this.scale())}next(t,n,r){let s=this.places[2*t]??0,o=this.places[2*t+1]??0,a=-1,i=Number.POSITIVE_INFINITY;for(let c=0;c<this.n;c++){let u=(this.places[2*c]??0)-s,p=(this.places[2*c+1]??0)-o,d=u*n+p*r,f=Math.abs(u*r-p*n),m=u*u+p*p;c!==t&&d>0&&f<=d&&m<i&&(a=c,i=m)}return a}within(t){return this.grid??=new Ce(this.places),this.grid.within(t)}};function fn(e){let t,n=requestAnimationFrame(()=>{t=setTimeout(e)});return()=>{cancelAnimationFrame(n),clearTimeout(t)}}function Qo(e,t,n,r){let[s,o,a]=t.colour,i=t.size/2;e.fillStyle=e.strokeStyle=`rgb(${s} ${o} ${a})`,e.lineWidth=2.5,e.beginPath(),t.shape==="triangle"?(e.moveTo(n,r-i),e.lineTo(n+i,r+i),e.lineTo(n-i,r+i)):t.shape==="square"?e.rect(n-i*.8,r-i*.8,t.size*.8,t.size*.8):e.arc(n,r,t.shape==="ring"?i-1:i,0,7),t.shape==="ring"?e.stroke():e.fill()}function Le(e){return(e??[]).map(t=>({value:t,text:T(t,60).text}))}var es={move:"move",turn:"turn",box:"select a box",lasso:"lasso"},Sr=[];function Re(e,t){let[n,r]=K(e,"colour",t.colour??""),[s,o]=K(e,"only",Sr),[a,i]=K(e,"k",t.k),[c,u]=K(e,"dims",2),[p,d]=_(Ee),[f,m]=_(c===3&&t.deep?"turn":"move"),[h,y]=_(!1);return{colour:n,only:s,setOnly:o,setK:i,camera:p,setCamera:d,gesture:f,setGesture:m,helped:h,setColour:g=>{o(Sr),r(g)},k:Math.min(Math.max(a,1),t.most),most:t.most,dims:t.deep?c:2,setDims:t.deep?u:void 0,help:(g=!0)=>y(g),undo:e?.undo?.bind(e)}}function Te({tools:e,colours:t,dataset:n,says:r,children:s}){return l("div",{class:"tools",children:[s,l("label",{children:[l("span",{children:"Colour"}),l("select",{value:e.colour,onChange:o=>e.setColour(o.currentTarget.value),children:[l("option",{value:"",children:"none"}),t.map(({value:o,text:a})=>l("option",{value:o,children:a},o))]})]}),l("label",{class:"slider",children:[l("span",{children:["Neighbours: ",l("b",{children:e.k})]}),l("input",{type:"range",min:"1",max:e.most,value:e.k,onInput:o=>e.setK(Number(o.currentTarget.value))})]}),l("div",{class:"field",children:[l("span",{children:"Drag to"}),l("fieldset",{class:"segments",children:[l("legend",{class:"hidden",children:"What a drag on a map does"}),Object.entries(es).filter(([o])=>o!=="turn"||e.dims===3).map(([o,a])=>l("label",{children:[l("input",{type:"radio",checked:e.gesture===o,onChange:()=>e.setGesture(o)}),l("span",{children:a})]},o))]})]}),l("button",{type:"button",onClick:()=>e.setCamera(Ee),children:"Whole map"}),e.setDims&&l("label",{class:"check",children:[l("input",{type:"checkbox",checked:e.dims===3,onChange:o=>{let a=o.currentTarget.checked;e.setDims?.(a?3:2),e.setGesture(a?"turn":"move")}}),l("span",{children:"3-D"})]}),e.undo&&l("button",{type:"button",title:"the state before (Z)",onClick:e.undo,children:"Undo"}),l("button",{type:"button",title:"the keys of the maps (?)",onClick:()=>e.help(),children:"Keys"}),n&&l(os,{dataset:n,select:r.selectRows,open:r.open}),l(xr,{open:e.helped,close:()=>e.help(!1)})]})}var ts=2e5;function St(e,t,{kept:n,rows:r}){let s=Object.entries(t),o=s.filter(([p])=>!n||n.includes(p)),a=r>ts&&!n?"pca":(o[0]??s[0])?.[0],[i,c]=K(e,"method",""),u=o.find(([p])=>p===i)?.[0]??a;return{method:u,choice:l(ns,{method:u,setMethod:c,methods:o})}}function ns(e){return l("label",{children:[l("span",{children:"Laid out"}),l("select",{value:e.method,onChange:t=>e.setMethod(t.currentTarget.value),children:e.methods.map(([t,n])=>l("option",{value:t,children:n},t))})]})}var rs=12;function os({dataset:e,select:t,open:n}){let[r,s]=_(""),[o,a]=_(""),{value:i,error:c}=I(async()=>o===""?null:{asked:o,found:await w.find(e,o,rs)},[e,o]),u=i&&i.asked===o?i.found:null;return R(()=>{u&&t(u.matches)},[u]),l("search",{class:"find",children:[l("form",{onSubmit:p=>{p.preventDefault(),a(r.trim()),r.trim()===""&&t([])},children:[l("input",{type:"search",value:r,placeholder:"Find a text or an id","aria-label":`Find items of ${e} by a text in any column`,onInput:p=>s(p.currentTarget.value)}),l("button",{type:"submit",children:"Find"})]}),c&&l(H,{error:c}),u&&l("div",{class:"hits",role:"status",children:[l("span",{children:[u.matches.length===0?"Nothing holds":`${U(u.matches.length,"item")} with`," \u201C",T(o,40).text,"\u201D",u.matches.length>1&&": "]}),u.ids.map((p,d)=>l("button",{type:"button",class:"link",onClick:()=>n(u.matches[d]??-1),children:l(Y,{of:p,limit:40})},p)),u.matches.length>u.ids.length&&l("span",{class:"muted",children:"\u2026"})]})]})}function Ne({count:e,clear:t}){return e===0?null:l("p",{children:[U(e,"item")," selected"," ",l("button",{type:"button",class:"link",onClick:t,children:"clear"})]})}function Fe({share:e,stage:t,job:n}){return l("p",{class:"progress",role:"status",children:[l("progress",{value:e,"aria-label":"progress of the map"})," ",t," ",l("button",{type:"button",onClick:()=>w.cancel(n).catch(()=>{}),children:"Cancel"})]})}function Pt({layout:e}){return e.state!=="done"||!e.quality?null:l("p",{class:"muted honesty",children:[e.quality.map((t,n)=>l("span",{children:[e.spaces[n],": ",Yn(t.recall_15)," of the 15 nearest are near on the map, trustworthiness"," ",ie(t.trustworthiness),"."," "]},e.spaces[n])),e.null_band!==null&&e.displacement!==null&&l("span",{children:["The median item moved by ",e.displacement.toFixed(3)," of the map's radius; below"," ",e.null_band.toFixed(3)," movement means nothing."]})]})}function Oe({painted:e,only:t,setOnly:n}){let r=s=>n(t.includes(s)?t.filter(o=>o!==s):[...t,s]);return l("div",{class:"keys",children:[e.range&&l("span",{children:[e.range[0].toPrecision(3)," ",l("span",{class:"ramp","aria-hidden":"true"})," ",e.range[1].toPrecision(3),e.more&&" and more"]}),e.keys.map(s=>l("button",{type:"button",class:s.fixed?"key fixed":"key",disabled:s.fixed,"aria-pressed":t.includes(s.name),onClick:()=>r(s.name),children:[l("svg",{class:"swatch",viewBox:"0 0 10 10","aria-hidden":"true",fill:`rgb(${s.colour.join(" ")})`,children:s.hatched?l("path",{d:"M0 8.5 8.5 0 10 1.5 1.5 10Z"}):l("circle",{cx:"5",cy:"5",r:"5"})}),l("span",{children:[l(Y,{of:s.name,limit:60})," ",l("span",{class:"muted",children:Z(s.count)})]})]},s.name))]})}function $t(e,t){let n=(e.a??[]).slice(0,t),r=(e.b??[]).slice(0,t),s=new Set(n.map(i=>i.id)),o=new Set(r.map(i=>i.id)),a=n.filter(i=>o.has(i.id)).length;return{...e,a:n.map(i=>({...i,shared:o.has(i.id)})),b:r.map(i=>({...i,shared:s.has(i.id)})),shared:a,jaccard:a/(2*t-a)}}var hn=[194,24,31],Pr=[176,104,0],$r=[151,71,122],Mr=e=>({id:e,shape:"ring",colour:sn(),size:20});function Cr(e){return e<0?[]:[{id:e,shape:"ring",colour:sn(),size:15}]}function Er(e,t,n,r){if(!e||!t||n<0)return{a:[],b:[]};let s=wt(t.a),o=wt(t.b),a=$t(e,r),i=[...(a.a??[]).filter(c=>!c.shared).map(c=>({id:s(c.row),shape:"triangle",colour:Pr,size:13})),...(a.b??[]).filter(c=>!c.shared).map(c=>({id:o(c.row),shape:"square",colour:$r,size:12})),...(a.a??[]).filter(c=>c.shared).map(c=>({id:s(c.row),shape:"circle",colour:hn,size:11})),Mr(n)];return{a:i,b:i}}function Mt(e,t){let n=e.map(r=>({id:r.row,shape:"circle",colour:hn,size:11}));return t<0?[]:[...n,Mr(t)]}var Lr={circle:hn,triangle:Pr,square:$r};function xe(e){let t=ee(null),n=ee(null),[r,s]=_([]),o=ee(e);return o.current=e,Q(()=>{let a=t.current;if(!a)return;let i=new At(a);n.current=i,Ie.set(e.side,i);let c=new ResizeObserver(()=>i.draw());c.observe(a);let u=as(a,i,o,s);return()=>{c.disconnect(),u(),i.close(),Ie.get(e.side)===i&&Ie.delete(e.side)}},[]),Q(()=>{e.places&&n.current?.move(e.places),e.colours&&n.current?.paint(e.colours)},[e.places,e.colours]),Q(()=>n.current?.mark(e.marks),[e.marks,e.places]),Q(()=>n.current?.look(e.tools.camera),[e.tools.camera]),Q(()=>n.current?.trail(e.trails?.ids??[],e.trails?.from??null),[e.trails]),l("figure",{class:`plot-frame side-${e.side}`,children:[l("figcaption",{children:l("span",{class:`space-${e.side}`,children:e.name})}),l("div",{class:"board",children:[l("canvas",{ref:t,class:`points gesture-${e.tools.gesture}`,"data-side":e.side,tabIndex:0,role:"application","aria-label":`Map of ${e.name}`,"aria-describedby":"map-help",onKeyDown:a=>n.current&&cs(a,n.current,o.current)}),r.length>0&&l("svg",{class:"trace","aria-hidden":"true",children:l("polygon",{points:r.map(a=>a.join(",")).join(" ")})}),e.tip?.side===e.side&&n.current&&l(ss,{tip:e.tip,plot:n.current})]})]})}function ss({tip:{id:e,card:t},plot:n}){let[r,s]=n.toPixel(e),{clientWidth:o,clientHeight:a}=n.canvas,i=14,c={...r<o/2?{left:`${r+i}px`}:{right:`${o-r+i}px`},...s<a/2?{top:`${s+i}px`}:{bottom:`${a-s+i}px`}};return l("div",{class:"tip",role:"tooltip",style:c,children:t})}var Ie=new Map;Object.assign(globalThis,{vectoryPlots:Ie});var Rr=10,Tr=.01,Nr=.15;function as(e,t,n,r){let s=null,o=null,a=null,i=!1,c=y=>{let g=e.getBoundingClientRect();return[y.clientX-g.left,y.clientY-g.top]},u=y=>{e.setPointerCapture(y.pointerId);let[g,x]=c(y);i=!1,y.shiftKey||["box","lasso"].includes(n.current.tools.gesture)?(o=[[g,x]],a=!y.shiftKey&&n.current.tools.gesture==="box"?[g,x]:null):s={x:g,y:x,camera:n.current.tools.camera}},p=y=>{let[g,x]=c(y);if((o||s)&&h(),o){o=a?is(a,[g,x]):[...o,[g,x]],r(o);return}if(!s){n.current.hover(t.pick(g,x,Rr),n.current.side);return}if(i||=Math.hypot(g-s.x,x-s.y)>3,i&&n.current.tools.gesture==="turn")n.current.turn?.((g-s.x)*Tr,(x-s.y)*Tr),s={...s,x:g,y:x};else if(i){let v=Math.min(e.clientWidth,e.clientHeight)*s.camera.zoom;n.current.tools.setCamera({...s.camera,x:s.camera.x-(g-s.x)/v,y:s.camera.y+(x-s.y)/v})}},d=y=>{let[g,x]=c(y);o&&ls(o)>3?n.current.lasso(t.within(o.map(([v,b])=>t.toPlot(v,b)))):!i&&(s||o)&&n.current.choose(t.pick(g,x,Rr)),f()},f=()=>{o=null,s=null,r([])},m=y=>{if(!e.matches(":focus")&&!y.ctrlKey)return;y.preventDefault(),h();let[g,x]=c(y);n.current.tools.setCamera(gn(t,n.current.tools.camera,Math.exp(-y.deltaY*.0015),g,x))},h=()=>n.current.hover(-1,n.current.side);return e.addEventListener("pointerdown",u),e.addEventListener("pointermove",p),e.addEventListener("pointerup",d),e.addEventListener("pointercancel",f),e.addEventListener("pointerleave",h),e.addEventListener("wheel",m,{passive:!1}),()=>{e.removeEventListener("pointerdown",u),e.removeEventListener("pointermove",p),e.removeEventListener("pointerup",d),e.removeEventListener("pointercancel",f),e.removeEventListener("pointerleave",h),e.removeEventListener("wheel",m)}}function is([e,t],[n,r]){return[[e,t],[n,t],[n,r],[e,r]]}function ls(e){let t=n=>{let r=e.map(s=>s[n]);return r.reduce((s,o)=>Math.max(s,o))-r.reduce((s,o)=>Math.min(s,o))};return Math.max(t(0),t(1))}function gn(e,t,n,r,s){let o=Math.max(.5,Math.min(400,t.zoom*n)),[a,i]=e.toPlot(r,s),c=t.zoom/o;return{zoom:o,x:a+(t.x-a)*c,y:i+(t.y-i)*c}}var Fr={a:[-1,0],d:[1,0],w:[0,-1],s:[0,1]};function cs(e,t,n){let{camera:r}=n.tools,o={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,1],ArrowDown:[0,-1]}[e.key],a=[t.canvas.clientWidth/2,t.canvas.clientHeight/2];if(o&&e.shiftKey)n.tools.setCamera({...r,x:r.x+.1*o[0]/r.zoom,y:r.y+.1*o[1]/r.zoom});else if(o){let i=n.chosen<0?t.pick(...a,t.canvas.clientWidth):t.next(n.chosen,o[0],o[1]);i>=0&&n.choose(i)}else if(e.key==="+"||e.key==="=")n.tools.setCamera(gn(t,r,1.4,...a));else if(e.key==="-")n.tools.setCamera(gn(t,r,1/1.4,...a));else if(e.key==="0")n.tools.setCamera(Ee);else if(e.key==="Escape")n.choose(-1),n.lasso([]);else if(e.key==="?")n.tools.help();else if(e.key==="["||e.key==="]")n.walk?.(e.key==="]"?1:-1,n.side);else if(n.turn&&e.key.toLowerCase()in Fr&&!e.ctrlKey&&!e.metaKey){let[i=0,c=0]=Fr[e.key.toLowerCase()]??[];n.turn(i*Nr,c*Nr)}else if(e.key.toLowerCase()==="z")n.tools.undo?.();else if(e.key.toLowerCase()==="l")n.tools.setGesture(n.tools.gesture==="lasso"?"move":"lasso");else if(e.key.toLowerCase()==="b")t.canvas.getRootNode().querySelector(`canvas.points[data-side="${n.side==="a"?"b":"a"}"]`)?.focus();else return;e.preventDefault()}function Be({figure:e,table:t,rows:n}){let[r,s]=_(null),o=a=>{s(null),a().then(([i,c])=>us(i,c),i=>s(V(i)))};return l("div",{class:"exports",children:[l("span",{class:"muted",children:"Save"}),l("button",{type:"button",onClick:()=>o(async()=>[await Br(e()),`${e().file}.png`]),children:"PNG"}),l("button",{type:"button",onClick:()=>o(async()=>[fs(e()),`${e().file}.svg`]),children:"SVG"}),l("button",{type:"button",onClick:()=>o(async()=>{let{columns:a,rows:i}=await t();return[new Blob([ps(a,i)],{type:"text/csv"}),`${e().file}.csv`]}),children:["CSV of ",Z(n)]}),r&&l(H,{error:r})]})}function us(e,t){let n=document.createElement("a");n.href=URL.createObjectURL(e),n.download=t.replaceAll("/","-"),n.click(),setTimeout(()=>URL.revokeObjectURL(n.href),6e4)}function ps(e,t){let n=s=>{let o=String(s);return/[",\r\n]/.test(o)?`"${o.replaceAll('"','""')}"`:o},r=[e.map(({name:s})=>n(s)).join(",")];for(let s=0;s<t;s++)r.push(e.map(({value:o})=>n(o(s))).join(","));return`${r.join(`\r
`)}\r
`}async function Ct(e,t){let n=e?(await w.dataset(e)).columns:[];return(await Promise.all(n.map(s=>w.column(e??"",s)))).map(({column:s,codes:o,values:a})=>({name:s,value:i=>a[o[t[i]??-1]??-1]??""}))}var ms=1500;function Ue({link:e,figure:t,looked:n}){return R(()=>{let r=e?.keep;if(!r)return;let s=setTimeout(()=>Br(t(),1).then(r,()=>{}),ms);return()=>clearTimeout(s)},[e,...n]),null}var Ir=2,ds=2e4,re=16,bn=20,Or=170;async function Br(e,t=Ir){let{text:n,width:r,height:s}=Ur(e,!1),o=new Image(r,s);o.src=`data:image/svg+xml;charset=utf-8,${encodeURIComponent(n)}`,await o.decode();let a=document.createElement("canvas");return a.width=t*r,a.height=t*s,a.getContext("2d")?.drawImage(o,0,0,a.width,a.height),new Promise((i,c)=>a.toBlob(u=>u?i(u):c(new Error("the picture is too large"))))}function fs(e){return new Blob([Ur(e,!0).text],{type:"image/svg+xml"})}function Ur(e,t){let n=e.panels.flatMap(({side:h,name:y})=>{let g=Ie.get(h);return g?[{name:y,plot:g}]:[]}),r=getComputedStyle(n[0]?.plot.canvas??document.documentElement),s=h=>r.getPropertyValue(h).trim(),o=n.map(({plot:h})=>[h.canvas.clientWidth,h.canvas.clientHeight]),a=re+o.reduce((h,[y])=>h+y+re,0),i=re+2*bn+8,c=Math.max(...o.map(([,h])=>h)),u=gs(e,a-2*re,s("--muted")),p=i+c+re+u.height,d=re,f=n.map(({name:h,plot:y},g)=>{let[x=0,v=0]=o[g]??[],b=`<g transform="translate(${d} ${i})"><text y="-8" fill="${s("--text")}">${at(h)}</text>
<svg width="${x}" height="${v}">${hs(y,t)}</svg><rect width="${x}" height="${v}" fill="none" stroke="${s("--line")}"/></g>`;return d+=x+re,b});return{text:`<svg xmlns="http://www.w3.org/2000/svg" width="${a}" height="${p}" viewBox="0 0 ${a} ${p}" font-family="system-ui, DejaVu Sans, sans-serif" font-size="13">
<rect width="100%" height="100%" fill="${s("--surface")}"/>
<text x="${re}" y="${re+14}" font-size="15" font-weight="600" fill="${s("--text")}">${at(e.title)}</text>
${f.join(`
`)}
<g transform="translate(${re} ${i+c+re})" fill="${s("--text")}">${u.text}</g>
</svg>
`,width:a,height:p}}function hs(e,t){let{clientWidth:n,clientHeight:r}=e.canvas;if(!t||e.n>ds)return`<image width="${n}" height="${r}" href="${e.picture(2*Ir)}"/>`;let s=e.pointSize()/2,o=new Map;for(let i=0;i<e.n;i++){let[c,u]=e.toPixel(i);if(c<-9||u<-9||c>n+9||u>r+9)continue;let[p,d,f,m]=e.colours.subarray(4*i,4*i+4),h=`fill="rgb(${p},${d},${f})" fill-opacity="${((m??255)/255).toFixed(2)}"`,y=(m??0)&Pe?zr(c,u,s):jr(c,u,s),g=o.get(h);g?g.push(y):o.set(h,[y])}return[...o].map(([i,c])=>`<g ${i}>${c.join("")}</g>`).join(`
`)+e.marks.map(i=>Dr(i,...e.toPixel(i.id))).join("")}function jr(e,t,n){return`<circle cx="${e.toFixed(1)}" cy="${t.toFixed(1)}" r="${n.toFixed(2)}"/>`}function zr(e,t,n){let[r,s,o,a]=[e-n,t+n,1.7*n,.3*n].map(i=>i.toFixed(2));return`<path d="M${r} ${s}l${o} -${o}l${a} ${a}l-${o} ${o}z"/>`}function yn(e){return`rgb(${e.join(",")})`}function Dr({shape:e,colour:t,size:n},r,s){let o=n/2,a=`fill="${yn(t)}"`;switch(e){case"triangle":return`<path d="M${r} ${s-o}L${r+o} ${s+o}H${r-o}Z" ${a}/>`;case"square":return`<rect x="${r-.8*o}" y="${s-.8*o}" width="${.8*n}" height="${.8*n}" ${a}/>`;case"ring":return`<circle cx="${r}" cy="${s}" r="${o-1}" fill="none" stroke="${yn(t)}" stroke-width="2.5"/>`}return`<circle cx="${r}" cy="${s}" r="${o}" ${a}/>`}function gs(e,t,n){let r=Math.max(1,Math.floor(t/Or)),s=[],o=12,a=i=>{i.forEach((c,u)=>{let p=`translate(${u%r*Or} ${o+Math.floor(u/r)*bn})`;s.push(`<g transform="${p}">${c}</g>`)}),o+=Math.ceil(i.length/r)*bn};if(e.colour&&e.painted?.range){let[i,c]=e.painted.range.map(p=>p.toPrecision(3)),u=e.painted.more?`${c} and more`:c;a([`<text>${at(T(e.colour,60).text)}: ${i} (dark) to ${u} (light)</text>`])}return a((e.colour?e.painted?.keys??[]:[]).map(i=>bs(i,n))),a(e.shapes.map(({shape:i,text:c})=>`${Dr({shape:i,colour:Lr[i],size:11},5,-4)}<text x="16">${at(T(c,22).text)}</text>`)),{text:s.join(`
`),height:o>12?o+4:0}}function bs(e,t){let n=at(T(e.name,16).text),r=e.hatched?zr(5,-4,5):jr(5,-4,5);return`<g fill="${yn(e.colour)}">${r}</g><text x="16">${n} <tspan fill="${t}">${Z(e.count)}</tspan></text>`}function at(e){return e.replaceAll("&","&amp;").replaceAll("<","&lt;").replaceAll('"',"&quot;")}function je(e,t){let[n,r]=_({id:-1,side:"a"}),s=n.id,o=O(()=>[...e,...Cr(s)],[e,s]),a=(c,u)=>{(c!==s||c>=0&&u!==n.side)&&(r({id:c,side:u}),t(c))};return{pointed:n,hovered:s,marks:o,hover:a,walk:(c,u)=>{let p=e.filter(({shape:m})=>m!=="ring").map(({id:m})=>m),d=p.indexOf(s),f=d<0?c>0?0:p.length-1:(d+c+p.length)%p.length;a(p[f]??-1,u)}}}var ys=/\.(wav|mp3|ogg|oga|opus|flac|m4a)$/i,xs=/\.(png|jpe?g|gif|webp)$/i;function ve(e,t){let n={media:null,sound:null,text:null,facts:[]},r=Object.keys(e[0]??{}),s=16;for(let o of r){let a=e.map(u=>u[o]??"");if(a.every((u,p)=>u===t[p]))continue;let i=a.filter(u=>u!=="");if(n.media===null&&i.length>0&&i.every(u=>xs.test(u))){n.media=o;continue}if(n.sound===null&&i.length>0&&i.every(u=>ys.test(u))){n.sound=o;continue}let c=i.reduce((u,p)=>u+p.length,0)/Math.max(1,i.length);c<16?n.facts.push(o):c>=s&&(s=c,n.text=o)}return n.facts.sort(),n}function Hr({c:e}){return l("p",{class:"legend",children:[l("span",{class:"mark-shared",children:[l(Et,{kind:"shared"})," in both lists"]}),l("span",{class:"mark-a",children:[l(Et,{kind:"a"})," only in ",e.a]}),l("span",{class:"mark-b",children:[l(Et,{kind:"b"})," only in ",e.b]}),l("span",{class:"muted",children:"\u2191 \u2193 so many places nearer, farther than in the other list"})]})}function Et({kind:e}){return l("svg",{class:"shape",viewBox:"0 0 10 10","aria-hidden":"true",children:[e==="shared"&&l("circle",{cx:"5",cy:"5",r:"4"}),e==="a"&&l("path",{d:"M5 1 9.4 9H.6Z"}),e==="b"&&l("path",{d:"M1.2 1.2h7.6v7.6H1.2Z"})]})}function Gr({item:e,a:t,b:n,k:r}){return l(ws,{items:[e],a:t,b:n,k:r})}function ws({items:e,a:t,b:n,k:r}){let s=ve(e.map(o=>o.columns),e.map(o=>o.id));return l("ol",{class:"items",children:e.map(o=>l("li",{class:"item","data-id":o.id,children:[l("div",{class:"subject",children:l(_s,{item:o,dataset:t.dataset,shown:s,k:r})}),l("div",{class:"lists",children:[l(ze,{side:t,list:o.a??[],shown:s,other:{name:n.name,list:o.b??[]}}),l(ze,{side:n,list:o.b??[],shown:s,other:{name:t.name,list:o.a??[]}})]})]},o.id))})}function _s({item:e,dataset:t,shown:n,k:r}){return l(D,{children:[l(Lt,{dataset:t,row:e.row_a,columns:e.columns,shown:n}),l(Kr,{dataset:t,row:e.row_a,columns:e.columns,shown:n}),l("div",{children:[l("h3",{children:l(Y,{of:e.id,limit:120})}),n.text&&l("p",{class:"text",children:l(st,{text:e.columns[n.text]??"",limit:240})}),l(vn,{columns:e.columns,shown:n}),l("p",{class:"agreement",children:[l("b",{children:e.shared})," of ",r," shared, Jaccard ",ie(e.jaccard)]})]})]})}function vn({columns:e,shown:t}){let n=t.facts.filter(r=>e[r]).slice(0,4);return n.length===0?null:l("p",{class:"facts",children:n.map(r=>l("span",{children:[l(Y,{of:r,limit:60})," ",l("b",{children:l(Y,{of:e[r]??"",limit:60})})]},r))})}function ks(e,t,n,r){let s=e&&n?en(e,t,n):xn,[o,a]=_(xn);return R(()=>{let i=!0;return s===null&&e&&n&&tn(e,t,n).then(c=>i&&a(c),()=>i&&r("failed")),()=>{i=!1}},[s,e,t,n]),s??o}var xn="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";function Lt({dataset:e,row:t,columns:n,shown:r}){let[s,o]=_("plain"),a=ks(n[r.media??""]?e:null,t,r.media,o);return!r.media||!e||!n[r.media]?null:s==="failed"?l("span",{class:"picture missing",title:`the picture ${n[r.media]} cannot be shown`,children:"?"}):l("img",{class:s==="tiny"?"picture tiny":"picture",src:a,alt:"",loading:"lazy",onLoad:i=>a!==xn&&i.currentTarget.naturalWidth<=32&&o("tiny"),onError:()=>o("failed")})}var Wr=null;function wn(e,t,n){let[r,s]=_("still"),o=ee(null);return R(()=>()=>o.current?.pause(),[]),{state:r,toggle:async()=>{if(r==="plays"){o.current?.pause();return}if(!(!e||!n))try{let i=en(e,t,n)??await tn(e,t,n);Wr?.pause();let c=new Audio(i);o.current=c,Wr=c,c.onpause=()=>s("still"),c.onended=()=>s("still"),await c.play(),s("plays")}catch{s("failed")}}}}function Kr({dataset:e,row:t,columns:n,shown:r}){let{state:s,toggle:o}=wn(e,t,r.sound),a=n[r.sound??""];return!e||!a?null:s==="failed"?l("span",{class:"sound missing",role:"status",children:[a," cannot be played"]}):l("button",{type:"button",class:"sound","aria-label":`${s==="plays"?"Stop":"Play"} ${a}`,onClick:o,children:s==="plays"?"\u25A0":"\u25B6"})}function ze({side:e,list:t,shown:n,other:r}){let s=n.media!==null&&n.text===null,o=new Map(r?.list.map((a,i)=>[a.id,i+1]));return l("div",{class:`neighbours side-${e.which}`,children:[l("h4",{children:l(Y,{of:e.name})}),l("ol",{class:s?"tiles":"lines",children:t.map((a,i)=>l(Ss,{neighbour:a,side:e,shown:n,shift:As(i+1,o.get(a.id),r?.name)},a.row))})]})}function As(e,t,n=""){if(t===void 0)return null;let r=t-e;return{text:r===0?"=":r>0?`\u2191${r}`:`\u2193${-r}`,told:`place ${e} here, ${t} in ${n}`}}function Ss({neighbour:e,side:t,shown:n,shift:r}){let s=e.shared?"shared":t.which,o=e.shared?"in both lists":`only in ${t.name}`,a=n.text?e.columns[n.text]:void 0,i=n.facts[0];return l("li",{class:`neighbour mark-${s}`,title:`${e.id}, distance ${nn(e.distance)}, ${o}${r?`: ${r.told}`:""}`,children:[l(Et,{kind:s}),l("span",{class:"hidden",children:[o,": "]}),l(Lt,{dataset:t.dataset,row:e.row,columns:e.columns,shown:n}),l(Kr,{dataset:t.dataset,row:e.row,columns:e.columns,shown:n}),l("span",{class:"name",children:a?l(st,{text:a,limit:110}):n.media&&i?l(Y,{of:e.columns[i]??"",limit:110}):l(Y,{of:e.id,limit:110})}),l("span",{class:"distance",children:[r&&l(D,{children:[l("span",{class:"shift","aria-hidden":"true",children:r.text}),l("span",{class:"hidden",children:[r.told,", distance "]})]})," ",nn(e.distance)]})]})}var qr=32,Ps=1498694486,Rt=class{constructor(t){this.kind=t}kind;begun=new Map;take(t){if(t.byteLength<qr)return null;let n=new DataView(t);if(n.getUint32(0,!0)!==Ps||n.getUint8(4)!==1||n.getUint8(5)!==this.kind)return null;let r=n.getUint32(8,!0),s=n.getUint32(12,!0),o=n.getUint16(16,!0);o===0&&this.begun.set(r,{sequence:s,metaBytes:n.getUint32(20,!0),parts:[]});let a=this.begun.get(r);return a?.sequence!==s||a.parts.length!==o||(a.parts.push(new Uint8Array(t,qr)),a.parts.length<n.getUint16(18,!0))?null:(this.begun.delete(r),{stream:r,metaBytes:a.metaBytes,body:$s(a.parts)})}},_n=class{chunks=new Rt(1);take(t){let n=this.chunks.take(t);return n&&Ms(n)}};function Vr({body:e,metaBytes:t}){return JSON.parse(new TextDecoder().decode(e.subarray(0,t)))}function $s(e){let t=new Uint8Array(e.reduce((r,s)=>r+s.length,0)),n=0;for(let r of e)t.set(r,n),n+=r.length;return t}function Ms(e){let{stream:t,body:n,metaBytes:r}=e,s=Vr(e),o=s.columns.map(({shape:[a=0,i=0],offset:c,low:u,high:p})=>{let d=new Uint16Array(n.buffer,r+c,a*i),f=new Float32Array(a*i);for(let m=0;m<i;m++){let h=u[m]??0,y=((p[m]??0)-h)/65535;for(let g=m;g<f.length;g+=i)f[g]=h+(d[g]??0)*y}return f});return{stream:t,meta:s,places:o}}var Cs=4,Es=5e3,Ls=1e4,Rs=6e4,it=class{constructor(t,n=Cs,r=0){this.ways=t;this.tries=n;this.linger=r}ways;tries;linger;socket=null;opening=null;watchers=new Map;streams=new Map;answers=new Rt(2);asked=new Map;last=0;tried=0;silence=0;rest=0;get isOpen(){return this.socket?.readyState===WebSocket.OPEN}ask(t,n,r){return new Promise((s,o)=>{let a=++this.last,i=JSON.stringify({t:"ask",number:a,method:t,path:n,body:r});if(!this.isOpen||i.length>Rs){o(Se);return}this.asked.set(a,{answer:s,lost:()=>o(Se)}),this.socket?.send(i),this.expect()})}expect(){clearTimeout(this.silence),this.asked.size>0&&(this.silence=setTimeout(()=>this.close(),Ls))}hear(t){let n=this.answers.take(t);if(n){let{status:r,type:s}=Vr(n),o=r===204?null:n.body.subarray(n.metaBytes);this.asked.get(n.stream)?.answer(new Response(o,{status:r,headers:{"content-type":s}})),this.asked.delete(n.stream),this.idle()}}idle(){clearTimeout(this.rest);let t=()=>this.watchers.size===0&&this.asked.size===0&&this.close();this.linger>0?this.rest=setTimeout(t,this.linger):t()}watch(t,n){let r=this.watchers.get(t)??new Set;return this.watchers.set(t,r.add(n)),this.open().then(s=>s&&this.say("watch",t)),()=>{r.delete(n),r.size===0&&this.watchers.get(t)===r&&(this.watchers.delete(t),this.say("unwatch",t)),this.idle()}}open(){return this.opening??=this.dial(),this.opening}async dial(){for(let[t,n]of this.ways.entries()){let r=await n().catch(()=>null);if(r&&await this.connect(r))return!0;t===this.ways.length-1&&this.lose(!1)}return!1}connect({address:t,ticket:n,instance:r}){return new Promise(s=>{let o=new WebSocket(t,["vectory.v1",...n?[`ticket.${n}`]:[]]),a=new _n,i=setTimeout(()=>o.close(),Es);o.binaryType="arraybuffer",o.onmessage=({data:c})=>{if(typeof c!="string"){this.draw(a.take(c)),this.hear(c),this.expect();return}this.expect();let u=JSON.parse(c);if(u.t==="welcome"){if(clearTimeout(i),r&&u.instance!==r){o.close();return}this.socket=o,this.tried=0,this.linger>0&&this.idle(),s(!0);return}this.streams.set(u.number,u.stream);for(let p of[...this.watchers.get(u.stream)??[]])p.event?.(u)},o.onclose=()=>{clearTimeout(i),s(!1),this.socket===o&&this.lose(!0)}})}lose(t){this.socket=null,this.opening=null;for(let{lost:n}of this.asked.values())n();this.asked.clear(),this.expect(),!(!t&&this.tried===0)&&(this.tried>=this.tries?this.giveUp():this.watchers.size>0&&setTimeout(()=>this.again(),500*2**this.tried++*(.75+Math.random()/2)))}giveUp(){this.tried=0;let t={code:"unavailable",message:Se.message,hint:Se.hint},n={t:"error",number:0,instance:"",version:"",job:null,layout:null,error:t};for(let[r,s]of[...this.watchers])for(let o of[...s])o.event?.({...n,t:"error",stream:r,error:t})}async again(){if(this.watchers.size>0&&await this.open())for(let t of this.watchers.keys())this.say("watch",t)}draw(t){let n=t&&this.streams.get(t.stream);if(n){for(let r of[...this.watchers.get(n)??[]])r.frame?.(t);requestAnimationFrame(()=>this.say("ack",n))}}say(t,n){this.isOpen&&this.socket?.send(JSON.stringify({t,stream:n}))}close(){this.socket?.close(),this.lose(!0)}},Ts=async()=>{let e=new URL("api/v1/ws",document.baseURI);return e.protocol=e.protocol.replace("http","ws"),{address:e.href}},Yr=new it([Ts]);function Tt(){return Yr}function Jr(e){Yr=e}async function Zr(e,t){let n=r=>Promise.all(e.spaces.map(async(s,o)=>(await w.frame(r,o===0?"coords_a":"coords_b")).data));return Qr(e,t,await w.layout(e),n)}async function Xr(e,t,n){let r=await w.layout(e);if(!r.job&&r.layout?.id===t)return null;let s=await Qr(e,n,r,async u=>Ns(await w.frame(u,"coords")));if(!s)return null;let{columns:o,id:a,rows:i}=s.layout,c=o.includes("row_a")?(await w.frame(a,"row_a")).data:Int32Array.from({length:i},(u,p)=>p);return{...s,rows:c}}function Ns({data:e,shape:[t=0,n=0]}){return Array.from({length:n/2},(r,s)=>{let o=new Float32Array(2*t);for(let a=0;a<t;a++)o[2*a]=e[a*n+2*s]??0,o[2*a+1]=e[a*n+2*s+1]??0;return o})}async function Qr(e,t,n,r){let s=n;for(;s.job&&t.wanted();){let o=s.layout?.id??"",i=await Tt().open()?await Is(o,s.job,t):await Bs(o,s.job,t,r);if(i.state==="failed"||i.state==="canceled")throw to(i.error??{code:"canceled",message:"the layout was canceled",hint:""});i.state==="done"&&(s=await w.layout(e))}return s.layout&&t.wanted()?{layout:s.layout,places:await r(s.layout.id)}:null}function eo(e){return e.state==="queued"?"waits for other maps":e.stage}var Fs=2e4;async function Nt(e,t,n){return t>Fs&&e.method!=="pca"&&!await Os(e)&&await Zr({...e,method:"pca"},n).then(r=>r&&n.frame(r.places,r.layout.id),()=>{}),n.wanted()?Zr(e,n):null}async function Os({spaces:e,method:t,dims:n=2}){let r=s=>s.state==="done"&&s.method===t&&s.dims===n&&s.spaces.join(`
`)===e.join(`
`);return(await w.layouts().catch(()=>[])).some(r)}function to(e){return new X(e.code,e.message,e.hint)}function Is(e,t,n){return new Promise((r,s)=>{let o=[Tt().watch(`layout:${e}`,{frame:({places:a})=>n.wanted()&&n.frame(a,e)}),Tt().watch(`job:${t.id}`,{event:({job:a,error:i})=>{a&&n.progress(a.progress,eo(a),a.id);let c=i?.code==="unavailable";if(i||a?.ended_at||!n.wanted()){for(let u of o)u();i&&!c?s(to(i)):r(a??t)}}})]})}async function Bs(e,t,n,r){let s=await w.layoutNow(e).catch(()=>null),o=s&&s.of>0?await r(s.id).catch(()=>null):null;o&&n.wanted()&&n.frame(o,e);let a=await w.job(t.id,1);return n.progress(a.progress,eo(a),a.id),a}function we(e,t=2){let n=new Float64Array(t).fill(Number.POSITIVE_INFINITY),r=new Float64Array(t).fill(Number.NEGATIVE_INFINITY);for(let o of e)for(let a=0;a<t;a++){let[i,c]=[n[a]??0,r[a]??0];for(let u=a;u<o.length;u+=t){let p=o[u]??0;i=Math.min(p,i),c=Math.max(p,c)}n[a]=i,r[a]=c}let s=n.reduce((o,a,i)=>Math.max(o,(r[i]??0)-a),1e-9)/.94;return e.map(o=>{let a=new Float32Array(o.length);for(let i=0;i<t;i++){let c=.5-((n[i]??0)+(r[i]??0))/2/s;for(let u=i;u<o.length;u+=t)a[u]=(o[u]??0)/s+c}return a})}var no=50;function Ft({table:e,of:t,open:n}){let[r,s]=_(!1);return l("div",{class:"listing",children:[l("button",{type:"button",class:"link","aria-expanded":r,onClick:()=>s(!r),children:r?"Close the table":"The items as a table"}),r&&l(Us,{table:e,of:t,open:n})]})}function Us({table:e,of:t,open:n}){let[r,s]=_(no),{value:o,error:a}=I(e,[t]);if(a)return l(H,{error:a});if(!o)return l(ne,{what:"the items"});let i=c=>typeof c=="number"&&!Number.isInteger(c)?c.toFixed(3):c;return l(D,{children:[l("div",{class:"scroll",children:l("table",{children:[l("thead",{children:l("tr",{children:[o.columns.map(({name:c})=>l("th",{scope:"col",children:l(Y,{of:c,limit:40})},c)),l("th",{scope:"col",children:l("span",{class:"hidden",children:"What can be done"})})]})}),l("tbody",{children:Array.from({length:Math.min(r,o.rows)},(c,u)=>l("tr",{children:[o.columns.map(p=>l("td",{children:l(Y,{of:String(i(p.value(u))),limit:80})},p.name)),l("td",{children:l("button",{type:"button",class:"link","aria-label":`Open item ${u+1} of the table`,onClick:()=>n(u),children:"Open"})})]},u))})]})}),o.rows>r&&l("button",{type:"button",onClick:()=>s(r+4*no),children:["Show more of ",U(o.rows,"item")," ",l("span",{class:"hidden",children:["(",Z(r)," are shown)"]})]})]})}var js=1800,Ot=300;function ro({a:e,b:t,moved:n,band:r,selection:s}){let[o,a]=_(0),i=ee(0),c=()=>cancelAnimationFrame(i.current);R(()=>c,[]);let u=O(()=>zs(n,r,s),[n,r,s]),p=O(()=>o>0&&e&&t?kn(e,t,o):e,[e,t,o]),d=O(()=>o>0&&!lt()?{ids:u,from:e}:{ids:[],from:null},[o>0,u,e]);return{t:o,set:h=>{c(),a(h)},play:()=>{let[h,y]=o<.5?[o,1]:[o,0];if(c(),lt()){a(y);return}let g=performance.now(),x=v=>{let b=Math.min(1,Math.max(0,v-g)/js);a(h+(y-h)*b*b*(3-2*b)),b<1&&(i.current=requestAnimationFrame(x))};i.current=requestAnimationFrame(x)},places:p,trails:d,movers:u.length}}function lt(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function kn(e,t,n){let r=new Float32Array(e.length);for(let s=0;s<e.length;s++){let o=e[s]??0;r[s]=o+((t[s]??o)-o)*n}return r}function zs(e,t,n){if(!e)return[];let r=c=>e[c]??0,s=c=>c.sort((u,p)=>r(p)-r(u)||u-p).slice(0,Ot),o=[],a=t,i=n.length||e.length;for(let c=0;c<i;c++){let u=n[c]??c;r(u)>a&&o.push(u),o.length>=8*Ot&&(o=s(o),a=r(o.at(-1)??0))}return s(o)}function oo({a:e,b:t,morph:n}){return l("div",{class:"morph",children:[l("button",{type:"button",onClick:n.play,children:n.t<.5?`Morph ${e} into ${t}`:`Morph back to ${e}`}),l("input",{type:"range",min:"0",max:"100",value:Math.round(100*n.t),"aria-label":`The first map, from ${e} to ${t}`,"aria-valuetext":`${Math.round(100*n.t)} % of the way to ${t}`,onInput:r=>n.set(Number(r.currentTarget.value)/100)}),l("span",{class:"muted",children:n.movers===0?"no item moved farther than means something":`${n.t>0&&!lt()?"trails of ":""}${n.movers===Ot?`the ${Ot} farthest movers`:U(n.movers,"mover")}`})]})}function so(e,t=Number.POSITIVE_INFINITY){let n=[];for(let r=0;r<e.length&&n.length<=t;r++){let s=e[r]??0;for(;r+1<e.length&&e[r+1]===(e[r]??0)+1;)r++;n.push(e[r]===s?`${s}`:`${s}-${e[r]}`)}return n.join(",")}var Ws=5e6;function An(e){let t=[];for(let n of e.split(",")){let[,r,s]=/^(\d{1,9})(?:-(\d{1,9}))?$/.exec(n)??[];if(r===void 0||t.length+Number(s??r)-Number(r)>Ws)return;for(let o=Number(r);o<=Number(s??r);o++)t.push(o)}return t}var ao=[];function De(e){let t="space"in e?e.among:void 0,n=t?.join(`
`)??("space"in e?e.space:e.comparison),r=async()=>t?(await w.selections()).filter(({space:a})=>t.includes(a)):w.selections(e),{value:s,again:o}=I(()=>r().catch(()=>ao),[n]);return{list:s??ao,known:s!==null,again:o}}function We(e){return e.length>0?[{value:"=saved",text:"saved selections"}]:[]}function It(e,t){let n=new Map,r=e.map((o,a)=>a).sort((o,a)=>(e[a]?.count??0)-(e[o]?.count??0));for(let o of r)for(let a of An(e[o]?.rows??"")??[])n.set(a,o);return{values:[...e.map(({name:o})=>o),"in none of them"],codes:Uint32Array.from(t,o=>n.get(o)??e.length)}}function He({link:e,of:t,saved:{list:n,known:r,again:s},rows:o,select:a}){let[i,c]=K(e,"saved",""),u=n.find(({name:f})=>f===i);R(()=>{u&&o.length===0&&p(u)},[u?.id]);let p=f=>{a(An(f.rows)??[]),Je()&&c(f.name)};if(!Je()&&n.length===0)return null;let d="space"in t?{space:t.space}:t;return l("div",{class:"saved",children:[o.length>0&&Je()&&l(io,{label:`Save ${o.length===1?"it":"them"} as`,act:"Save",send:({name:f,note:m})=>w.saveSelection({...d,name:f,note:m,rows:so(o)}),done:({name:f})=>{s(),c(f)}},n.length),i!==""&&r&&!u&&l("p",{role:"status",children:["No selection called \u201C",i,"\u201D is kept here."]}),n.length>0&&l(D,{children:[l("h3",{children:"Saved selections"}),l("ul",{children:n.map(f=>l(Hs,{one:f,from:"space"in t&&t.among?f.space:"",shown:f===u,show:()=>p(f),again:s},f.id))})]})]})}function Hs({one:e,from:t,shown:n,show:r,again:s}){let[o,a]=_(null),[i,c]=_(null),u=()=>w.removeSelection(e.id).then(s,p=>c(V(p)));return l("li",{children:[l("button",{type:"button",class:"link","aria-pressed":n,onClick:r,children:e.name})," ",l("span",{class:"muted",children:[Z(e.count),t&&`, of ${t}`]}),e.note&&l("p",{class:"note",children:l(st,{text:e.note,limit:300})}),Je()&&o===null&&l("span",{class:"acts",children:[l("button",{type:"button",class:"link","aria-label":`Change ${e.name}`,onClick:()=>a("edit"),children:"Change"})," ",l("button",{type:"button",class:"link","aria-label":`Delete ${e.name}`,onClick:()=>a("delete"),children:"Delete"})]}),o==="delete"&&l("span",{role:"alertdialog","aria-label":`Delete ${e.name}?`,children:["Its name and note go for good; the items stay."," ",l("button",{type:"button",class:"danger",onClick:u,children:"Delete"})," ",l("button",{type:"button",onClick:()=>a(null),children:"Keep"})]}),o==="edit"&&l(io,{label:"Name",act:"Change",start:e,send:({name:p,note:d})=>w.changeSelection(e.id,{name:p,note:d}),done:()=>{a(null),s()},cancel:()=>a(null)}),i&&l(H,{error:i})]})}function io({label:e,act:t,start:n,send:r,done:s,cancel:o}){let[a,i]=_(n?.name??""),[c,u]=_(n?.note??""),[p,d]=_(null);return l("form",{class:"words",onSubmit:f=>{f.preventDefault(),d(null),r({name:a.trim(),note:c.trim()}).then(s,m=>d(V(m)))},children:[l("label",{children:[e," ",l("input",{value:a,required:!0,maxLength:200,onInput:f=>i(f.currentTarget.value)})]})," ",l("label",{children:["with a note ",l("textarea",{rows:1,value:c,onInput:f=>u(f.currentTarget.value)})]})," ",l("button",{type:"submit",children:t})," ",o&&l("button",{type:"button",onClick:o,children:"Cancel"}),p&&l(H,{error:p})]})}function Ge({pointed:e,dataset:t,rows:n,painted:r,colour:s}){let o=e.id<0?-1:n?.[e.id]??-1,a=Ks(t,o);if(!a||!t)return{tip:null,line:o<0?"":`row ${o}`};let i=s&&r?.tell?`${s}: ${r.tell(e.id)}`:"",c=l(qs,{item:a,dataset:t,value:i},o),{facts:u,text:p}=ve([a.columns],[a.id]),d=[...p?[p]:[],...u.slice(0,3)].map(m=>a.columns[m]),f=[a.id,...d,i].filter(Boolean).map(m=>T(String(m),80).text);return{tip:{...e,card:c},line:f.join(", ")}}var Gs=40;function Ks(e,t){let[n,r]=_(null);return R(()=>{if(t<0||e===null)return;let s=!0,a=setTimeout(()=>w.row(e,t).then(({columns:i,rows:[c=[]],ids:[u=String(t)]})=>{let p=Object.fromEntries(i.map((d,f)=>[d,c[f]??""]));return s&&r({row:t,id:u,columns:p})},()=>{}),Gs);return()=>{s=!1,clearTimeout(a)}},[e,t]),n?.row===t?n:null}function qs({item:e,dataset:t,value:n}){let{row:r,id:s,columns:o}=e,a=ve([o],[s]),i=wn(t,r,a.sound);return R(()=>{if(!a.sound)return;let c=u=>{let p=u.composedPath()[0];u.key.toLowerCase()==="p"&&!p.matches?.("input, textarea, select")&&(u.preventDefault(),u.stopPropagation(),i.toggle())};return addEventListener("keydown",c,!0),()=>removeEventListener("keydown",c,!0)},[a.sound,i.toggle]),l(D,{children:[l(Lt,{dataset:t,row:r,columns:o,shown:a}),l("div",{children:[l("b",{children:l(Y,{of:s,limit:60})}),a.text&&l("p",{class:"text",children:T(o[a.text]??"",160).text}),l(vn,{columns:o,shown:a}),n&&l("p",{children:n}),a.sound&&l("p",{class:"muted",children:i.state==="failed"?`${o[a.sound]} cannot be played`:l(D,{children:[l("kbd",{children:"P"})," ",i.state==="plays"?"stops":"plays"," ",o[a.sound]]})})]})]})}var Vs={around:.5,above:.35};function Ys(e,{around:t,above:n}){let r=new Float32Array(e.length/3*2),[s,o,a,i]=[Math.sin(t),Math.cos(t),Math.sin(n),Math.cos(n)],c=1/Math.sqrt(2);for(let u=0,p=0;u<e.length;u+=3,p+=2){let d=(e[u]??0)-.5,f=(e[u+1]??0)-.5,m=(e[u+2]??0)-.5;r[p]=.5+c*(d*o+m*s),r[p+1]=.5+c*(f*i+(d*s-m*o)*a)}return r}function Bt(e,t){let[n,r]=_(Vs);return{flat:O(()=>e.map(o=>o&&t===3?Ys(o,n):o),[...e,t,n]),turn:(o,a)=>r(i=>({around:i.around+o,above:Math.max(-Math.PI/2,Math.min(Math.PI/2,i.above+a))}))}}var lo={"joint-umap":"together (joint UMAP)",umap:"each by itself (UMAP)",tsne:"each by itself (t-SNE)",pacmap:"each by itself (PaCMAP)",pca:"principal components"};function mo({c:e,link:t=null,kept:n=null,begun:r}){let{method:s,choice:o}=St(t,lo,{kept:n?.methods,rows:e.rows}),a=Re(t,{colour:n?.colour??"",k:e.k,most:e.k,deep:!n}),{colour:i,only:c,k:u,dims:p,camera:d}=a,{map:f,rows:m,layout:h,progress:y,error:g}=ra({c:e,method:s,dims:p,kept:n!==null}),x=!!(f||y||g);R(()=>x&&r?fn(r):void 0,[x]);let{chosen:v,selection:b,...k}=Me(t,m?.a??null),E=I(()=>Promise.all([w.space(e.a),w.space(e.b)]),[e.a,e.b]),L=E.value?.[0].dataset??null,$=I(async()=>L?(await w.dataset(L)).columns:[],[L]),A=h?.null_band??0,B={comparison:e.key},j=De(B),N=na({c:e,rows:m,dataset:L,colour:i,only:c,selection:b,band:A,saved:j.list}),{item:S,opened:C}=ea(e,m,v),z=O(()=>Er(S,m,v,u),[S,m,v,u]),{pointed:oe,marks:ce,hover:se,walk:q}=je(z.a,k.hover),{flat:_e,turn:ke}=Bt([f?.a??null,f?.b??null],f?.dims??2),[ue=null,pe=null]=_e,te=ro({a:ue,b:pe,moved:m?.moved??null,band:A,selection:b}),ae=[...Js,...We(j.list),...Le($.value)],qe=i.startsWith("=")?ae.find(({value:Ae})=>Ae===i)?.text??"":"",{tip:Dt,line:Wt}=Ge({pointed:oe,dataset:L,rows:m?.a??null,painted:N,colour:qe}),Ve={tip:Dt,tools:a,walk:q,turn:p===3?ke:void 0,chosen:v,hover:se,marks:ce,choose:k.choose,lasso:k.select,colours:N?.colours??null},he=()=>Xs({c:e,rows:m,map:ue&&pe&&{a:ue,b:pe},dataset:L,selection:b}),ge=()=>({file:`${e.a} ${e.b}`,title:`${e.a} \u2194 ${e.b}: ${lo[s]}, Jaccard ${ie(e.jaccard.mean)} at k = ${e.k}`,panels:[{side:"a",name:te.t>0?`${e.a}, ${Math.round(100*te.t)} % of the way to ${e.b}`:e.a},{side:"b",name:e.b}],painted:N,colour:ae.find(({value:Ae})=>Ae===i)?.text??"",shapes:S?[{shape:"circle",text:`of ${T(S.id,80).text} in both`},{shape:"triangle",text:`only in ${e.a}`},{shape:"square",text:`only in ${e.b}`}]:[]});return l("div",{class:"maps",children:[l(Te,{tools:a,colours:ae,dataset:L,says:k,children:o}),l("div",{class:"pair-of-plots",children:[l(xe,{name:e.a,side:"a",places:te.places,trails:te.trails,...Ve}),l(xe,{name:e.b,side:"b",places:pe,...Ve})]}),h&&m&&l(oo,{a:e.a,b:e.b,morph:te}),l("p",{id:"map-help",class:"muted help",children:"Click an item: its neighbours in both spaces. Drag to move, wheel to zoom (click a map first), Shift and drag for a lasso; keys: arrows, + \u2212 0, L for the lasso, B for the other map, ? for all of them, Esc."}),g&&l(H,{error:g}),C.error&&l(H,{error:C.error,again:C.again}),y&&l(Fe,{...y}),N&&l(Oe,{painted:N,only:c,setOnly:a.setOnly}),l("p",{class:"status","aria-live":"polite",children:Zs({rows:m,chosen:v,line:Wt,selection:b,item:S,k:u})}),h&&l(Pt,{layout:h}),l(Ne,{count:b.length,clear:()=>k.select([])}),m&&l(He,{link:t,of:B,saved:j,rows:k.rows,select:k.selectRows}),h&&m&&l(Be,{figure:ge,table:he,rows:b.length||m.a.length}),m&&l(Ft,{table:he,of:`${h?.id} ${b.length} ${b[0]} ${b.at(-1)}`,open:Ae=>k.choose(b.length>0?b[Ae]??-1:Ae)}),h&&l(Ue,{link:t,figure:ge,looked:[ue,te.t,N,z,d]}),S&&E.value&&l("div",{class:"chosen",children:[l(Hr,{c:e}),l(Gr,{item:$t(S,u),a:co(e.a,"a",E.value[0].dataset),b:co(e.b,"b",E.value[1].dataset),k:u})]}),!f&&!y&&!g&&l(ne,{what:"the maps"})]})}function co(e,t,n){return{name:e,which:t,dataset:n}}var Js=[{value:"=jaccard",text:"agreement (Jaccard)"},{value:"=moved",text:"how far it moved"},{value:"=gained",text:"neighbour of more or fewer items in B"},{value:"=trust",text:"how far the maps can be trusted there"}];function Zs({rows:e,chosen:t,line:n,selection:r,item:s,k:o}){if(!e)return"";if(s&&t>=0){let a=$t(s,o);return`${T(s.id,80).text}: ${a.shared} of ${o} neighbours shared, Jaccard ${ie(a.jaccard)}`}return n||(r.length>0?"":`${U(e.a.length,"item")} on both maps`)}async function Xs({c:e,rows:t,map:n,dataset:r,selection:s}){let o=s.length>0?s:Array.from(t.a,(d,f)=>f),a=(d,f,m=1,h=0)=>d?.[m*(o[f]??0)+h]??"",i=await fo(e),c=d=>{let f=i[d]??Number.NaN;return Number.isNaN(f)?"":f};return{columns:[...await Ct(r,Int32Array.from(o,d=>t.a[d]??-1)),{name:"row_a",value:d=>a(t.a,d)},{name:"row_b",value:d=>a(t.b,d)},{name:"jaccard",value:d=>c(t.a[o[d]??0]??-1)},{name:"moved",value:d=>a(t.moved,d)},{name:"x_a",value:d=>a(n?.a,d,2)},{name:"y_a",value:d=>a(n?.a,d,2,1)},{name:"x_b",value:d=>a(n?.b,d,2)},{name:"y_b",value:d=>a(n?.b,d,2,1)}],rows:o.length}}function fo(e){return ho(e,["jaccard"],([t],n)=>t?.[n]??Number.NaN)}function Qs(e){return ho(e,["occurrences_a","occurrences_b"],([t,n],r)=>(n?.[r]??0)-(t?.[r]??0))}async function ho(e,t,n){let[r,...s]=await Promise.all(["row_a",...t].map(c=>w.values(e.key,c)));if(!r)return new Float32Array(0);let o=s.map(c=>c.data),a=-1;for(let c=0;c<r.data.length;c++)a=Math.max(a,r.data[c]??-1);let i=new Float32Array(a+1).fill(Number.NaN);for(let c=0;c<r.data.length;c++)i[r.data[c]??0]=n(o,c);return i}function ea(e,t,n){let r=n>=0?t?.a[n]??-1:-1,s=I(async()=>r<0?null:{row:r,item:await w.item(e.key,r).catch(ta)},[e.key,r]);return{item:s.value?.row===r?s.value.item??null:null,opened:s}}function ta(e){if(V(e).code==="unavailable")throw e}function na({c:e,rows:t,dataset:n,colour:r,only:s,selection:o,band:a,saved:i}){let c=I(async()=>{if(r==="=jaccard")return{colour:r,numbers:await fo(e)};if(r==="=gained")return{colour:r,numbers:await Qs(e)};let u=r!==""&&!r.startsWith("=")&&n;return{colour:r,column:u?await w.column(n,r):null}},[e.key,n,r]).value;return O(()=>{if(!t)return null;let u=c?.colour===r?c:null,p=xt(t.a.length);if(r==="=moved"&&t.moved.length>0)p=tr(t.moved,a);else if(r==="=trust"&&t.trust)p=tt(t.trust);else if(r==="=saved"){let{codes:d,values:f}=It(i,t.a);p=et(d,f,new Set(s))}else if(u?.numbers){let d=new Float32Array(t.a.length);for(let f=0;f<d.length;f++)d[f]=u.numbers[t.a[f]??-1]??Number.NaN;p=r==="=gained"?nr(d):tt(d)}else u?.column&&(p=yt(u.column,t.a,new Set(s)));return nt(p,o)},[t,c,r,s,o,a,i])}function ra({c:e,method:t,dims:n,kept:r}){let s={map:null,rows:null,layout:null,progress:null,error:null},[o,a]=_(s);return Q(()=>{let i=!0,c=u=>i&&a(p=>({...p,...u}));return a(s),oa({c:e,method:t,dims:n,kept:r},()=>i,c).catch(u=>c({error:V(u),progress:null})),()=>{i=!1}},[e.key,t,n]),o}async function oa({c:e,method:t,dims:n,kept:r},s,o){let a={spaces:[e.a,e.b],method:t,...n===2?{}:{dims:n},...e.metric_a===e.metric_b?{metric:e.metric_a}:{}},[i,c]=["",!1],u=await Nt(a,r?0:e.rows,{wanted:s,progress:(g,x,v)=>o({progress:{share:g,stage:x,job:v}}),frame:(g,x)=>{o({map:po(g,n)}),i===""&&(i=x,uo(x).then(([v,b])=>c||o({rows:{a:v,b,moved:new Float32Array(0),trust:null}}),()=>{}))}});if(c=!0,!u)return;let{layout:p,places:d}=u;o({map:po(d,n)});let[[f,m],h]=await Promise.all([uo(p.id),w.frame(p.id,"displacement")]),y=await sa(p);o({rows:{a:f,b:m,moved:h.data,trust:y},layout:p,progress:null})}async function uo(e){let[t,n]=await Promise.all(["row_a","row_b"].map(r=>w.frame(e,r)));return[t?.data,n?.data]}async function sa(e){let[t,n]=await Promise.all(["local_trust_a","local_trust_b"].map(s=>w.frame(e.id,s))),r=(t?.data??new Float32Array(0)).slice();for(let s=0;s<r.length;s++)r[s]=Math.min(r[s]??0,n?.data[s]??1);return r}function po(e,t){let[n,r]=we(e,t);return n&&r?{a:n,b:r,dims:t}:null}var go={umap:"UMAP",tsne:"t-SNE",pacmap:"PaCMAP",pca:"principal components"},Sn=50;function yo({space:e,link:t=null,kept:n=null}){let r=I(()=>w.space(e),[e]),{method:s,choice:o}=St(t,go,{kept:n?.methods,rows:r.value?.rows??0}),a=Re(t,{colour:n?.colour??"",k:10,most:Sn,deep:!n}),{colour:i,only:c,k:u,dims:p,camera:d}=a,{laid:f,layout:m,progress:h,error:y}=la(e,n?1:r.value?.rows??0,s,p),{flat:g,turn:x}=Bt([f?.places??null],f?.dims??2),v=g[0]??null,b=r.value?.dataset??null,k=I(async()=>b?(await w.dataset(b)).columns:[],[b]),E=v?v.length/2:0,L=O(()=>Int32Array.from({length:E},(ae,qe)=>qe),[E]),{chosen:$,selection:A,...B}=Me(t,E>0?L:null),j={space:e},N=De(j),S=Mn({dataset:b,colour:i,rows:L,only:c,selection:A,saved:N.list}),C=I(async()=>$<0?null:await $n(e,b,$,u),[e,b,$,u]),z=C.value&&C.value.row===$?C.value:null,oe=O(()=>Mt(z?.list??[],$),[z,$]),{pointed:ce,marks:se,hover:q,walk:_e}=je(oe,B.hover),ke=i==="=saved"?"saved selections":"",{tip:ue,line:pe}=Ge({pointed:ce,dataset:b,rows:L,painted:S,colour:ke}),te=()=>({file:e,title:`${e}: ${go[s]}`,panels:[{side:"a",name:z?`${U(z.list.length,"neighbour")} of ${T(z.id,80).text}`:""}],painted:S,colour:ke||i,shapes:z?[{shape:"circle",text:`neighbours of ${T(z.id,80).text}`}]:[]});return l("div",{class:"maps",children:[l(Te,{tools:a,colours:[...We(N.list),...Le(k.value)],dataset:b,says:B,children:o}),l("div",{class:"one",children:[l(xe,{name:e,side:"a",places:v,colours:S.colours,tip:ue,tools:a,walk:_e,turn:p===3?x:void 0,chosen:$,hover:q,marks:se,choose:B.choose,lasso:B.select}),l("div",{class:"beside",children:[l(Oe,{painted:S,only:c,setOnly:a.setOnly}),l("p",{class:"status","aria-live":"polite",children:z?`${T(z.id,80).text}: ${U(z.list.length,"neighbour")}`:pe||E>0&&U(E,"item")}),C.error&&l(H,{error:C.error,again:C.again}),z&&l("div",{class:"chosen",children:l(ze,{side:{name:`Neighbours of ${z.id}`,which:"a",dataset:b},list:z.list,shown:Pn(z.list)})})]})]}),l("p",{id:"map-help",class:"muted help",children:"Click an item: its neighbours. Drag to move, wheel to zoom (click the map first), Shift and drag for a lasso; keys: arrows, + \u2212 0, L for the lasso, ? for all of them, Esc."}),(y??r.error)&&l(H,{error:y??r.error}),h&&l(Fe,{...h}),m&&l(Pt,{layout:m}),l(Ne,{count:A.length,clear:()=>B.select([])}),E>0&&l(He,{link:t,of:j,saved:N,rows:B.rows,select:B.selectRows}),m?.state==="done"&&l(Be,{figure:te,table:()=>Ut(b,L,A,v),rows:A.length||E}),m?.state==="done"&&l(Ue,{link:t,figure:te,looked:[v,S,oe,d]}),m?.state==="done"&&l(Ft,{table:()=>Ut(b,L,A,v),of:`${m.id} ${A.length} ${A[0]} ${A.at(-1)}`,open:ae=>B.choose(A.length>0?A[ae]??-1:ae)}),!v&&!h&&!y&&l(ne,{what:"the map"})]})}function Pn(e){return ve(e.map(t=>t.columns),e.map(t=>t.id))}async function $n(e,t,n,r){let s=await w.neighbours(e,n,r);return{row:n,id:s.id??String(n),list:await aa(t,s.neighbours)}}function aa(e,t){return Promise.all(t.map(async n=>{let r=e?await w.row(e,n.row):null,s=Object.fromEntries((r?.columns??[]).map((o,a)=>[o,r?.rows[0]?.[a]??""]));return{...n,shared:!0,columns:s}}))}async function Ut(e,t,n,r){let s=n.length>0?Int32Array.from(n):t;return{columns:[...await Ct(e,s),{name:"row",value:a=>s[a]??""},{name:"x",value:a=>r?.[2*(s[a]??0)]??""},{name:"y",value:a=>r?.[2*(s[a]??0)+1]??""}],rows:s.length}}var ia=[];function Mn({dataset:e,colour:t,rows:n,only:r,selection:s,saved:o=ia}){let a=I(async()=>e&&t&&!t.startsWith("=")?await w.column(e,t):null,[e,t]).value;return O(()=>{if(t==="=saved"){let{codes:c,values:u}=It(o,n);return nt(et(c,u,new Set(r)),s)}let i=a&&a.column===t;return nt(i?yt(a,n,new Set(r)):xt(n.length),s)},[a,t,n,r,s,o])}function la(e,t,n,r){let s={laid:null,layout:null,progress:null,error:null},[o,a]=_(s);return Q(()=>{let i=!0,c=u=>i&&a(p=>({...p,...u}));if(a(s),t!==0)return Nt({spaces:[e],method:n,...r===2?{}:{dims:r}},t,{wanted:()=>i,progress:(u,p,d)=>c({progress:{share:u,stage:p,job:d}}),frame:u=>c({laid:bo(u,r)})}).then(u=>u&&c({laid:bo(u.places,r),layout:u.layout,progress:null}),u=>c({error:V(u),progress:null})),()=>{i=!1}},[e,t,n,r]),o}function bo(e,t){let[n]=we(e,t);return n?{places:n,dims:t}:null}var jt=null,ca=900;function xo({experiment:e,within:t="",link:n=null}){let r=Re(n,{k:10,most:Sn,deep:!1}),{colour:s,only:o,k:a,camera:i}=r,[c,u]=K(n,"step",jt),[p]=K(n,"reference",""),{frames:d,rows:f,layout:m,progress:h,error:y}=ba(e,t),g=m?.steps??[],x=d.length-1,v=c===jt?-1:g.indexOf(c),b=v<0?x:Math.min(v,x),k=ge=>u(ge>=x?jt:g[ge]??jt),E=da(b,x,k),L=ma(d,b),$=m?.spaces[b]??"",A=I(async()=>$?(await w.space($)).dataset:null,[$]).value,B=I(async()=>A?(await w.dataset(A)).columns:[],[A]),{chosen:j,selection:N,...S}=Me(n,f),C={space:$,among:m?.spaces??pa},z=De(C),oe=Mn({dataset:A,colour:s,rows:f??ua,only:o,selection:N,saved:z.list}),ce=j<0?-1:f?.[j]??-1,se=I(async()=>ce<0||!$?null:{space:$,...await $n($,A,ce,a)},[$,A,ce,a]),q=se.value?.row===ce&&se.value.space===$?se.value:null,_e=O(()=>Mt(q?.list??[],j),[q,j]),{pointed:ke,marks:ue,hover:pe,walk:te}=je(_e,S.hover),ae=s==="=saved"?"saved selections":"",{tip:qe,line:Dt}=Ge({pointed:ke,dataset:A,rows:f,painted:oe,colour:ae}),Wt=fa(m,p,10),Ve=()=>({file:`${e} step ${g[b]??b}`,title:`${e}, step ${g[b]??b}`,panels:[{side:"a",name:q?`${U(q.list.length,"neighbour")} of ${T(q.id,80).text}`:""}],painted:oe,colour:ae||s,shapes:q?[{shape:"circle",text:`neighbours of ${T(q.id,80).text}`}]:[]}),he=d.length>0&&m;return l("div",{class:"maps",children:[l(Te,{tools:r,colours:[...We(z.list),...Le(B.value)],dataset:A,says:S}),he&&l("div",{class:"scrub",children:[l("button",{type:"button",onClick:E.toggle,disabled:x<1,children:E.on?"Stop":"Play"}),l("input",{type:"range",min:"0",max:Math.max(x,0),step:"1",value:b,disabled:x<1,"aria-label":`Steps of ${e}`,"aria-valuetext":`step ${g[b]??b}`,onInput:ge=>{E.stop(),k(Number(ge.currentTarget.value))}}),l("output",{children:["step ",Z(g[b]??b),b===x&&", the newest"]})]}),he&&x>0&&l(ha,{steps:g,lines:Wt,at:b,goTo:k}),l("div",{class:"one",children:[l(xe,{name:$,side:"a",places:L,colours:oe.colours,tip:qe,tools:r,walk:te,chosen:j,hover:pe,marks:ue,choose:S.choose,lasso:S.select}),l("div",{class:"beside",children:[l(Oe,{painted:oe,only:o,setOnly:r.setOnly}),l("p",{class:"status","aria-live":"polite",children:q?`${T(q.id,80).text} at step ${g[b]??b}: ${U(q.list.length,"neighbour")}`:Dt||f&&`${U(f.length,"item")}, ${U(d.length,"step")}`}),se.error&&l(H,{error:se.error,again:se.again}),q&&l("div",{class:"chosen",children:l(ze,{side:{name:`Neighbours of ${q.id}`,which:"a",dataset:A},list:q.list,shown:Pn(q.list)})})]})]}),l("p",{id:"map-help",class:"muted help",children:"Every step begins where the one before it ended and is held to it where neighbours stayed: what moves really changed. Click an item: its neighbours at this step. Drag to move, wheel to zoom (click the map first), Shift and drag for a lasso; keys: arrows, + \u2212 0, L for the lasso, ? for all of them, Esc."}),y&&l(H,{error:y}),h&&l(Fe,{...h}),l(Ne,{count:N.length,clear:()=>S.select([])}),he&&f&&l(He,{link:n,of:C,saved:z,rows:S.rows,select:S.selectRows}),m?.state==="done"&&f&&l(D,{children:[l(Be,{figure:Ve,table:()=>Ut(A,f,N,L),rows:N.length||f.length}),l(Ue,{link:n,figure:Ve,looked:[L,oe,_e,i]})]}),!he&&!h&&!y&&l(ne,{what:"the map"})]})}var ua=new Int32Array,pa=[];function ma(e,t){let[n,r]=_(t),s=ee(t);return R(()=>{let o=s.current;if(lt()||o<0||Math.abs(t-o)<1e-6){s.current=t,r(t);return}let a=performance.now(),i=u=>{let p=Math.min(1,Math.max(0,u-a)/500);s.current=p<1?o+(t-o)*p*p*(3-2*p):t,r(s.current),p<1&&(c=requestAnimationFrame(i))},c=requestAnimationFrame(i);return()=>cancelAnimationFrame(c)},[t]),O(()=>{let o=e[Math.floor(n)]??e.at(-1)??null,a=e[Math.ceil(n)];return o&&a&&n%1>0?kn(o,a,n%1):o},[e,n])}function da(e,t,n){let[r,s]=_(!1);return R(()=>{if(!r)return;let a=setTimeout(()=>e<t?n(e+1):s(!1),ca);return()=>clearTimeout(a)},[r,e,t]),{on:r,toggle:()=>{!r&&e>=t&&n(0),s(!r)},stop:()=>s(!1)}}function fa(e,t,n){let[r,s]=_({}),o=e?.spaces??[];R(()=>{let i=!0;return(async()=>{for(let u of t?o:[])if(i&&r[`${t}
${u}`]===void 0){let{jaccard:p}=await rr(t,u,n);s(d=>({...d,[`${t}
${u}`]:p.mean}))}})().catch(()=>{}),()=>{i=!1}},[t,o.join(`
`)]);let a=[{name:"the step before",values:[null,...(e?.moves??[]).map(i=>i.jaccard)]}];return t&&a.push({name:t,values:o.map(i=>r[`${t}
${i}`]??null)}),a}var Ke=600,zt=90;function ha({steps:e,lines:t,at:n,goTo:r}){let s=i=>8+i*(Ke-16)/Math.max(1,e.length-1),o=i=>zt-6-i*(zt-12),a=t.map(({name:i,values:c})=>{let u=c[n];return u==null?"":`${ie(u)} with ${i}`}).filter(Boolean).join(", ");return l("figure",{class:"agreement",children:[l("figcaption",{class:"muted",children:["Agreement of the neighbours (Jaccard at 10)",a&&`: ${a}`]}),l("svg",{viewBox:`0 0 ${Ke} ${zt}`,role:"img","aria-label":`Agreement along ${U(e.length,"step")}. ${a}`,onClick:i=>{let c=i.currentTarget.getBoundingClientRect(),u=(i.clientX-c.left)*Ke/c.width;r(Math.round((u-8)/(Ke-16)*(e.length-1)))},children:[l("line",{class:"grid",x1:"0",x2:Ke,y1:o(0),y2:o(0)}),l("line",{class:"grid",x1:"0",x2:Ke,y1:o(1),y2:o(1)}),l("line",{class:"now",x1:s(n),x2:s(n),y1:"0",y2:zt}),t.map(({name:i,values:c},u)=>l("g",{class:u===0?"with-before":"with-reference",children:[l("polyline",{points:c.flatMap((p,d)=>p===null?[]:[`${s(d).toFixed(1)},${o(p).toFixed(1)}`]).join(" ")}),c.map((p,d)=>p!==null&&l("circle",{cx:s(d),cy:o(p),r:d===n?4:2.5,children:l("title",{children:`step ${e[d]}: ${ie(p)} with ${i}`})},e[d]))]},i))]})]})}var ga=4e3;function ba(e,t){let n={frames:[],rows:null,layout:null,progress:null,error:null},[r,s]=_(n);return R(()=>{let o=!0,a=0,i="",c=d=>o&&s(f=>({...f,...d}));s(n);let u=async()=>{let d=await Xr({timeline:e,dataset:t},i,{wanted:()=>o,progress:(f,m,h)=>c({progress:{share:f,stage:m,job:h}}),frame:f=>i===""&&c({frames:we(f)})});d&&(i=d.layout.id,c({layout:d.layout,frames:we(d.places),rows:d.rows,progress:null,error:null}))},p=()=>{(document.hidden?Promise.resolve():u()).catch(f=>c({error:V(f),progress:null})).then(()=>{a=window.setTimeout(()=>o&&p(),ga)})};return p(),()=>{o=!1,clearTimeout(a)}},[e,t]),r}var iu={render:ya};function ya({model:e,el:t}){let n=t.shadowRoot??t.attachShadow({mode:"open"}),r=document.createElement("style"),s=document.createElement("div");s.className="vectory",r.textContent=La(Vn),n.replaceChildren(r,s),t.setAttribute("data-lm-suppress-shortcuts","true");let o=Ra(t),a=Pa(e),i=Ea(t,String(e.get("still"))),c=Ma(a,u=>{s.dataset.carrier=u});return Zt(l(xa,{link:ka(e)}),s),()=>{Zt(null,s),c.close(),a.close(),o(),i()}}function xa({link:e}){let[t]=K(e,"spaces",[]),[n]=K(e,"height",460),[r]=K(e,"timeline",""),[s]=K(e,"dataset",""),[o,...a]=t;return l("div",{style:`--map-height: ${n}px`,children:r?l(xo,{experiment:r,within:s,link:e}):o&&a.length===0?l(yo,{space:o,link:e}):l(va,{link:e})})}function va({link:e}){let[t]=K(e,"comparison",""),[n]=K(e,"k",10),r=I(()=>wa(t,n),[t,n]);return r.error?l(H,{error:r.error,again:r.again}):r.value?l(mo,{c:r.value,link:e}):l(ne,{what:"the comparison"})}async function wa(e,t){let n=await w.comparison(e);return t<=n.k?n:or(n,{k:t})}var _a=2e6,vo=new Set(["spaces","comparison","timeline","dataset","reference","step","k","colour","height","hovered"]);function ka(e){let t=(r,s)=>{e.set(r,s),e.save_changes()},n=()=>e.get("selection");return{get:r=>r==="item"?n().length===1?n()[0]:-1:r==="selection"?n().length===1?[]:n():vo.has(r)?e.get(r):void 0,set:(r,s)=>{r==="item"?t("selection",s<0?[]:[s]):(r==="selection"||vo.has(r))&&t(r,s)},on:(r,s)=>{let o=`change:${r==="item"?"selection":r}`;return e.on(o,s),()=>e.off(o,s)},keep:async r=>{r.size<_a&&e.send({still:!0},void 0,[await r.arrayBuffer()])}}}var Aa=3e4,Sa=0;function Pa(e){let t=`${Date.now().toString(36)}-${Sa++}`,n=new Map,r=0,s=(a,i)=>{n.get(a.id)?.(a,i[0]??new ArrayBuffer(0)),n.delete(a.id)};e.on("msg:custom",s);let o=a=>new Promise((i,c)=>{let u=`${t}-${r++}`,p=setTimeout(()=>{n.delete(u),c(new X("unavailable","The kernel does not answer.","Run the cell again."))},Aa);n.set(u,({status:d,headers:f},m)=>{clearTimeout(p),i(new Response(d===204?null:m,{status:d,headers:f}))}),e.send({id:u,...a})});return{carrier:(a,i,c)=>o({method:a,path:i,body:c??null}),invite:async a=>{let i=await o({invite:{origin:location.origin,host:a}});if(!i.ok)throw new X("unavailable","the kernel has no ticket");return i.json()},close:()=>e.off("msg:custom",s)}}var $a=6e4,wo=3;function Ma(e,t){let n=new it(Ca(e),0,$a),r=0,s=!1,o=async()=>{!s&&r<wo&&(s=!0,r+=await n.open()?0:1,s=!1)};return Kn(async(a,i,c)=>{if(n.isOpen)try{let u=await n.ask(a,i,c);return t("socket"),u}catch{r++}else o();return t("kernel"),e.carrier(a,i,c)}),Jr({open:async()=>n.isOpen,watch:(a,i)=>n.watch(a,i)}),{close:()=>{r=wo,n.close()}}}function Ca(e){let{protocol:t,host:n,hostname:r}=location;return t.startsWith("http")?[async()=>{if(!["127.0.0.1","localhost","[::1]"].includes(r))return null;let{ticket:a,instance:i,host:c}=await e.invite("");return{address:`ws://${c}/api/v1/ws`,ticket:a,instance:i}},async()=>{let a=JSON.parse(document.getElementById("jupyter-config-data")?.textContent??"{}");if(typeof a.baseUrl!="string")return null;let{ticket:i,instance:c,port:u}=await e.invite(n);return{address:`${t.replace("http","ws")}//${n}${a.baseUrl}proxy/${u}/api/v1/ws`,ticket:i,instance:c}}]:[]}function Ea(e,t){let n=new Set,r=()=>e.closest(".jp-OutputArea"),s=()=>{for(let c of r()?.querySelectorAll(`img[src^="${Cn}"]`)??[]){let u=c.closest(".jp-OutputArea-child"),p=atob(c.src.slice(Cn.length,Cn.length+200));u&&p.includes(t)&&(u.style.display="none",n.add(u))}},o=new MutationObserver(s),i=_o(e,()=>{let c=r();c&&(s(),o.observe(c,{childList:!0,subtree:!0}))});return()=>{i(),o.disconnect();for(let c of n)c.style.display=""}}var Cn="data:image/png;base64,";function La(e){let t=/prefers-color-scheme:\s*dark\)\s*\{\s*:root\s*\{([^}]*)\}/.exec(e)?.[1]??"",n=/:root\s*\{([^}]*)\}/.exec(e)?.[1]??"";return`${e.replaceAll(":root",":host").replace(/(^|\})\s*body\s*\{/,"$1.vectory{")}
:host([data-theme="light"]){${n};color-scheme:light}
:host([data-theme="dark"]){${n};${t};color-scheme:dark}
.vectory{background:none}.maps{border:0;padding:4px;box-shadow:none;background:none}
canvas.points{aspect-ratio:auto;height:var(--map-height,460px)}`}function Ra(e){let t=()=>{let s=document.body?.getAttribute("data-jp-theme-light"),o=document.body?.getAttribute("data-vscode-theme-kind"),a=s?s==="true":o?Ta(e)??o.includes("light"):null,i=a===null?null:a?"light":"dark";Qn(i),i&&e.setAttribute("data-theme",i)};t();let n=new MutationObserver(t);n.observe(document.body,{attributes:!0});let r=_o(e,t);return()=>{n.disconnect(),r()}}function Ta(e){for(let t=e.parentElement;t;t=t.parentElement){let[n=0,r=0,s=0,o=1]=(getComputedStyle(t).backgroundColor.match(/[\d.]+/g)??[]).map(Number);if(o>.5)return .3*n+.6*r+.1*s>127}return null}function _o(e,t){let n=new ResizeObserver(()=>{e.isConnected&&(n.disconnect(),t())});return n.observe(e),()=>n.disconnect()}export{iu as default};
