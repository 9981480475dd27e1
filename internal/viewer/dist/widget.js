var P,Nn,Ao,de,Kt,gt,Fn,dt,On,Vt,qt,So,Xe=Symbol.for("pv"),bt={},yt=[],Po=/^m(i|n|o|s|text|space)$/,Yt=Array.isArray,In=yt.slice,ye=Object.assign;function be(e){e&&e.parentNode&&e.remove()}function mt(e,t,n,r,o){var s={type:e,props:t,key:n,ref:r,__k:null,__:null,__b:0,__e:null,__c:null,constructor:Xe,__v:o||++Nn,__i:-1,__u:0};return!o&&P.vnode&&P.vnode(s),s}function I(e){return e.children}function ft(e,t){this.props=e,this.context=t,this.__g=0}function me(e,t){if(t==null)return e.__&&me(e.__,e.__i+1);for(var n;t<e.__k.length;t++)if((n=e.__k[t])&&n.__e)return n.__e;return typeof e.type!="function"||e.props.__P?null:me(e)}function $o(e){var t,n=e.__v,r=n.__e,o=[],s=[],a=e.__P;a&&((t=ye({constructor:Xe},n)).__v=n.__v+1,P.vnode&&P.vnode(t),Jt(a,t,n,e.__n,a.namespaceURI,32&n.__u?[r]:null,o,r||me(n),32&n.__u,s),t.__v=n.__v,t.__.__k[t.__i]=t,Wn(o,t,s),n.__=n.__e=null,t.__e!=r&&Bn(t))}function Bn(e){if((e=e.__)&&e.__c&&!e.props.__P)return e.__e=null,e.__k.some(function(t){return t&&(e.__e=t.__e)}),Bn(e)}function Rn(e){(8&e.__g||(e.__g|=8,de.push(e),gt++))&&Kt==P.debounceRendering||((Kt=P.debounceRendering)||queueMicrotask)(Un)}function Un(){try{for(var e,t=1;de.length;)de.length>t&&de.sort(Fn),e=de.shift(),t=de.length,8&e.__g&&$o(e)}finally{(gt=de.length)&&(Kt||queueMicrotask)(Un)}}function jn(e,t,n,r,o,s,a,i,c,u,p){var m,f,d,h,y,g,x=r.__k||yt,v=t.length;for(c=Mo(n,t,x,c,v),m=0;m<v;m++)(d=n.__k[m])!=null&&(f=~d.__i&&x[d.__i]||bt,d.__i=m,g=Jt(e,d,f,o,s,a,i,c,u,p),h=d.__e,(f.ref!=d.ref||8&f.__u)&&(f.ref&&Zt(f.ref,null,d,f),d.ref&&p.push(d.ref,d.__c||h,d)),y=y||h,4&d.__u?(c=zn(d,c,e,!f.__v),f.__e&&(f.__e=null)):typeof d.type=="function"&&g!==void 0?c=g:h&&(c=h.nextSibling),d.__u&=-21);return n.__e=y,c}function Mo(e,t,n,r,o){var s,a,i,c,u,p,m,f,d,h=n.length,y=h,g=0,x=0,v=e.__k=Array(o);for(s=0;s<o;s++)(a=t[s])!=null&&typeof a!="boolean"&&typeof a!="function"?(typeof a!="object"||a.constructor===String?a=v[s]=mt(null,a):Yt(a)?a=v[s]=mt(I,{children:a}):a.constructor===Xe&&a.__b?a=v[s]=mt(a.type,a.props,a.key,a.ref,a.__v):v[s]=a,c=s+g,a.__=e,a.__b=e.__b+1,i=null,~(u=a.__i=Co(a,n,c,y))&&(y--,(i=n[u])&&(i.__u|=2)),i&&i.__v?(a.__u|=16,u==c-1?g--:u==c+1?g++:u!=c&&(u>c?g--:g++,x=1)):(~u||(o>h?g--:o<h&&g++),typeof a.type!="function"&&(a.__u|=4))):v[s]=null;if(x){for(p=[],m=[],s=0;s<o;s++)if((a=v[s])&&16&a.__u){for(g=0,f=p.length;g<f;)p[d=g+f>>1]<a.__i?g=d+1:f=d;p[g]=a.__i,m[s]=g+1}for(g=p.length;s--;)m[s]&&(m[s]==g?g--:v[s].__u|=4)}if(y)for(s=0;s<h;s++)!(i=n[s])||2&i.__u||(i.__e==r&&(r=me(i)),Xt(i,i));return r}function zn(e,t,n,r){var o,s,a,i;if(typeof e.type=="function"){if(e.props.__P)return t;if(o=e.__k)for(s=0;s<o.length;s++)o[s]&&(o[s].__=e,t=zn(o[s],t,n,!1));return t}for(t&&!t.parentNode&&(t=me(e))&&!t.parentNode&&(t=null),a=e.__e,i=t;i&&i.nodeType==8;)i=i.nextSibling;for(a!=i&&(!r&&n.moveBefore&&a.parentNode?n.moveBefore(a,t):n.insertBefore(a,t||null)),t=a;(t=t&&t.nextSibling)&&t.nodeType==8&&!t.data.startsWith("$s"););return t}function Co(e,t,n,r){var o,s=e.key,a=e.type,i=t[n],c=i&&!(2&i.__u);if(i===null&&s==null||c&&s==i.key&&a==i.type)return n;if(r>(c?1:0)){for(o=n-1;o>=0;o--)if((i=t[o])&&!(2&i.__u)&&s==i.key&&a==i.type)return o;for(o=n+1;o<t.length;o++)if((i=t[o])&&!(2&i.__u)&&s==i.key&&a==i.type)return o}return-1}function Tn(e,t,n){n==null&&(n=""),t[0]=="-"?e.setProperty(t,n):e[t]=n}function pt(e,t,n,r,o){var s,a;if(t=="style")if(typeof n=="string")e.style.cssText=n;else{if(typeof r=="string"&&(e.style.cssText=r=""),r)for(t in r)n&&t in n||Tn(e.style,t);if(n)for(t in n)r&&n[t]==r[t]||Tn(e.style,t,n[t])}else if(t[0]=="o"&&t[1]=="n")typeof n!="function"&&(n=null),typeof r!="function"&&(r=null),(e.__e||(e.__e={}))[t]=n,n&&r||(a=qt[t]||(qt[t]=Eo(t)),(e.__a||(e.__a={}))[t]=Vt,s=t!=(t=t.replace(On,"$1")),(t=t.slice(2))[0]<"a"&&(t=t.toLowerCase()),n?e.addEventListener(t,a,s):e.removeEventListener(t,a,s));else{if(o=="http://www.w3.org/2000/svg")t=t.replace(/xlink(H|:h)/,"h").replace(/sName$/,"s");else if(t!="width"&&t!="height"&&t!="href"&&t!="list"&&t!="form"&&t!="tabIndex"&&t!="download"&&t!="rowSpan"&&t!="colSpan"&&t!="role"&&t!="popover"&&t in e)try{return void(e[t]=n??"")}catch{}if(typeof n=="function")return;n==null||n===!1&&t[4]!="-"?e.removeAttribute(t):e.setAttribute(t,t=="popover"&&n==1?"":n)}}function Eo(e){return function(t){var n=this.__e;if(n){if(n=n[e],t[dt]==null)t[dt]=Vt++;else if(t[dt]<this.__a[e])return;return n(P.event?P.event(t):t)}}}function Jt(e,t,n,r,o,s,a,i,c,u){var p,m,f,d,h,y,g,x,v,b,k,M,C,S,A,F,z,T,E=t.type;if(t.constructor!==Xe)return null;128&n.__u&&(c=32&n.__u,p=n.__c.__z)&&(t.__u|=c,m=s=[],p.nodeType==8?i=ht(p,s):s.push(p),i=s[0]||i),(p=P.__b)&&p(t);e:if(typeof E=="function"){f=a.length;try{if(x=t.props,v=(p=E.prototype)&&p.render,b=(p=E.contextType)&&r[p.__c],k=p?b?b.props.value:p.__:r,(d=n.__c)?(t.__c=d,2&d.__g&&(d.__g|=1)):(v?t.__c=d=new E(x,k):(t.__c=d=new ft(x,k),d.constructor=E,d.render=Ro),b&&b.sub(d),d.state||(d.state={}),d.__n=r,d.__g|=8,d.__h=[],d.__k=[]),v&&(d.__s||(d.__s=d.state),E.getDerivedStateFromProps&&(d.__s==d.state&&(d.__s=ye({},d.__s)),ye(d.__s,E.getDerivedStateFromProps(x,d.__s)))),h=d.props,y=d.state,d.__v=t,n.__c){if(x!==h&&v&&!E.getDerivedStateFromProps&&d.componentWillReceiveProps&&d.componentWillReceiveProps(x,k),t.__v==n.__v&&!(8&d.__g)||!(4&d.__g)&&d.shouldComponentUpdate&&d.shouldComponentUpdate(x,d.__s,k)===!1){t.__v!=n.__v&&(d.props=x,d.state=d.__s,d.__g&=-9),t.__e=n.__e,t.__k=n.__k,t.__k.some(function(L){L&&(L.__=t)}),yt.push.apply(d.__h,d.__k),d.__k=[],d.__h.length&&a.push(d),i=me(n);break e}d.componentWillUpdate&&d.componentWillUpdate(x,d.__s,k),v&&d.componentDidUpdate&&d.__h.push(function(){d.componentDidUpdate(h,y,g)})}else v&&!E.getDerivedStateFromProps&&d.componentWillMount&&d.componentWillMount(),v&&d.componentDidMount&&d.__h.push(d.componentDidMount);d.context=k,d.props=x,d.__P=e,d.__g&=-5,M=P.__r,C=v?25:0;do d.__g&=-9,M&&M(t),p=d.render(d.props,d.state=d.__s,d.context);while(8&d.__g&&++C<25);v&&(yt.push.apply(d.__h,d.__k),d.__k=[]),d.state=d.__s,d.getChildContext&&(r=ye({},r,d.getChildContext())),v&&n.__c&&d.getSnapshotBeforeUpdate&&(g=d.getSnapshotBeforeUpdate(h,y)),S=p&&p.type===I&&p.key==null?p.props.children:p,x.__P&&(p=i,o=(e=x.__P).namespaceURI,c=s=null,n.props&&n.props.__P!=e&&(n.__k.some(function(L){L&&Xt(L,L)}),n.__k=null),i=n.__k?me(n,0):null),i=jn(e,Yt(S)?S:[S],t,n,r,o,s,a,i,c,u),x.__P&&(t.__e=null,i=p),t.__u&=-161,m&&m.some(be),d.__h.length&&a.push(d),1&d.__g&&(d.__g&=-4)}catch(L){if(a.length=f,t.__v=null,c||s)if(L&&L.then){if(t.__u|=128|c,s){for(~(z=s.indexOf(i||void 0))||(z=s.length);(T=s[z-1])&&T.nodeType==8;)z--;for(;z<s.length;z++)if(T=s[z])if(s[z]=null,A){if(T==F)break}else{if(T.nodeType!=8)break;T.data.startsWith("$s")&&(F=ht(A=T))}}if(!A){for(;i&&i.nodeType==8&&i.nextSibling;)i=i.nextSibling;A=i}(p=ht(A=t.__c.__z||(t.__c.__z=A)))?(t.__e=A,i=p):t.__e=i,i=i&&i.nextSibling}else s&&s.some(be);else t.__e=n.__e;t.__k||(t.__k=n.__k||[]),L&&L.then||Dn(t),P.__e(L,t,n)}}else i=t.__e=Lo(n.__e,t,n,r,o,s,a,c,u,e);return(p=P.diffed)&&p(t),i}function ht(e,t){if(e&&e.nodeType==8&&e.data.startsWith("$s"))for(var n=1;e=e.nextSibling;){if(e.nodeType==8){if(e.data.startsWith("$s"))n++;else if(e.data.startsWith("/$s")&&!--n)return e}t&&t.push(e)}}function Dn(e){e&&(e.__c&&(e.__c.__g|=4),e.__k&&e.__k.some(Dn))}function Wn(e,t,n){for(var r=0;r<n.length;)Zt(n[r++],n[r++],n[r++]);P.__c&&P.__c(t,e),e.some(function(o){try{e=o.__h,o.__h=[],e.some(function(s){s.call(o)})}catch(s){P.__e(s,o.__v)}})}function Lo(e,t,n,r,o,s,a,i,c,u){var p,m,f,d,h,y,g,x,v=n.props||bt,b=t.props,k=t.type;if(k=="svg"?o="http://www.w3.org/2000/svg":k=="math"?o="http://www.w3.org/1998/Math/MathML":o||(o="http://www.w3.org/1999/xhtml"),s){for(p=0;p<s.length;p++)if((h=s[p])&&(k?h.localName==k:h.nodeType==3)){e=h,s[p]=null;break}}if(!e){if(x=u.ownerDocument||document,!k)return x.createTextNode(b);e=x.createElementNS(o,k,b.is?b:u),i&&(P.__m&&P.__m(t,s),i=!1),s=null}if(k){if(u=k=="template"&&e.content||e,s=k=="textarea"&&b.defaultValue!=null?null:s&&In.call(u.childNodes),!i&&s)for(v={},p=0;p<e.attributes.length;p++)v[(h=e.attributes[p]).name]=h.value;for(p in v)h=v[p],p=="dangerouslySetInnerHTML"?f=h:p=="children"||p in b||p=="value"&&"defaultValue"in b||p=="checked"&&"defaultChecked"in b||pt(e,p,null,h,o);for(p in b)h=b[p],p=="children"?d=h:p=="dangerouslySetInnerHTML"?m=h:p=="value"?y=h:p=="checked"?g=h:i&&typeof h!="function"||v[p]===h||pt(e,p,h,v[p],o);m?(i||f&&(m.__html==f.__html||m.__html==e.innerHTML)||(e.innerHTML=m.__html),t.__k=[]):(f&&(e.textContent=""),(k=="foreignObject"||o=="http://www.w3.org/1998/Math/MathML"&&Po.test(k))&&(o="http://www.w3.org/1999/xhtml"),jn(u,Yt(d)?d:[d],t,n,r,o,s,a,s?s[0]:n.__k&&me(n,0),i,c),s&&s.some(be)),i&&k!="textarea"||(p="value",k=="progress"&&y==null?e.removeAttribute(p):y==null||y===e[p]&&(k!="progress"||y)||pt(e,p,y,v[p],o),p="checked",g!=null&&g!=e[p]&&pt(e,p,g,v[p],o))}else v===b||i&&e.data==b||(e.data=b);return e}function Zt(e,t,n,r){try{typeof e=="function"?t?t.__x=e(t)||1:r&&(r=r.__c||r.__e)&&(t=r.__x)&&(r.__x=null,typeof t=="function"?t():e(null)):e.current=t}catch(o){P.__e(o,n)}}function Xt(e,t,n){var r,o,s,a;if(P.unmount&&P.unmount(e),!(r=e.ref)||r.current&&r.current!=e.__e||Zt(r,null,t,e),r=e.__c){if(r.componentWillUnmount)try{r.componentWillUnmount()}catch(i){P.__e(i,t)}r.__P=r.__n=null}if(r=e.__k)for(a=0;a<r.length;a++)r[a]&&Xt(r[a],t,typeof e.type!="function"||n&&!e.props.__P);!n&&(r=e.__c)&&(r=r.__z)&&(o=ht(r,s=[]))&&(r==e.__e&&s.some(be),be(o),be(r)),n||be(e.__e),e.__e=e.__c=e.__=null}function Ro(e,t,n){return this.constructor(e,n)}function Qt(e,t){var n,r,o,s;P.__&&P.__(e,t),t.nodeType==9&&(t=t.documentElement),r=(n=e&&32&e.__u)?null:t.__k,t.__k=mt(I,{children:[e]}),o=[],s=[],Jt(t,t.__k,r||bt,bt,t.namespaceURI,r?null:t.firstChild?In.call(t.childNodes):null,o,r?r.__e:t.firstChild,n,s),Wn(o,t.__k,s),t.__k.props.children=null}P={__e:function(e,t,n,r){for(var o,s,a;t=t.__;)if((o=t.__c)&&!(1&o.__g)){o.__g|=4;try{if((a=(s=o.constructor)&&s.getDerivedStateFromError)&&o.setState(s.getDerivedStateFromError(e)),o.componentDidCatch&&(o.componentDidCatch(e,r||{}),a=1),a&&8&o.__g)return void(o.__g|=2)}catch(i){e=i}}throw gt=0,e}},Nn=0,Ao=function(e){return e!=null&&e.constructor===Xe},ft.prototype.setState=function(e,t){var n=this.__s;n&&n!=this.state||(n=this.__s=ye({},this.state)),typeof e=="function"&&(e=e(ye({},n),this.props)),e&&(ye(n,e),this.__v&&(t&&this.__k.push(t),Rn(this)))},ft.prototype.forceUpdate=function(e){this.__v&&(this.__g|=4,e&&this.__h.push(e),Rn(this))},ft.prototype.render=I,de=[],gt=0,Fn=function(e,t){return e.__v.__b-t.__v.__b},dt=Symbol(),On=/(PointerCapture)$|Capture$/i,Vt=0,qt={},So=0;function en(e){let t=new DataView(e),n=t.getUint8(6)===1?t.getUint16(8,!0):t.getUint32(8,!0),r=(t.getUint8(6)===1?10:12)+n,o=new TextDecoder("latin1").decode(new Uint8Array(e,r-n,n)),s=/'descr':\s*'([^']+)'/.exec(o)?.[1],a=(/'shape':\s*\(([^)]*)\)/.exec(o)?.[1]??"").split(",").filter(c=>c.trim()!=="").map(Number),i=e.slice(r);switch(s){case"<f4":return{shape:a,data:new Float32Array(i)};case"<f8":return{shape:a,data:new Float64Array(i)};case"<i4":return{shape:a,data:new Int32Array(i)}}throw new Error(`an array of type ${s} cannot be shown`)}var Z=class e extends Error{constructor(n,r,o=""){super(r);this.code=n;this.hint=o}code;hint;static of({code:n,message:r,hint:o}){return new e(n,r,o)}};function V(e){return e instanceof Z?e:new Z("internal",String(e))}var Pe=new Z("unavailable","The daemon does not answer.","It may have stopped. Open the page anew with: vectory run"),qn="api/v1/",tn=async(e,t,n)=>{let r={method:e};n!==void 0&&(r.body=JSON.stringify(n),r.headers={"Content-Type":"application/json"});try{return await fetch(qn+t,r)}catch{throw Pe}},xt=tn;function $e(){return xt===tn}function Vn(e){xt=e}async function J(e,t,n){let r=await xt(e,t,n);if(!r.ok){let o=await r.json().catch(()=>null);throw new Z(o?.error.code??"internal",o?.error.message??`the daemon answered ${r.status}`,o?.error.hint)}return r}async function B(e){return(await J("GET",e)).json()}var $=encodeURIComponent,Hn={dataset:"datasets",experiment:"experiments",space:"spaces",comparison:"comparisons",index:"indices"},Gn=e=>e==="comparison"||e==="index"?"":"recursive=true&",w={openSession:e=>J("POST","session",{ticket:e}),spaces:async()=>(await B("spaces")).spaces,datasets:async()=>(await B("datasets")).datasets,experiments:async()=>(await B("experiments")).experiments,comparisons:async()=>(await B("comparisons")).comparisons,measures:async()=>(await B("measures")).measures,jobs:async()=>(await B("jobs")).jobs,indices:async()=>(await B("indices")).indices,wouldGo:async(e,t)=>e==="index"?[]:(await(await J("DELETE",`${Hn[e]}/${$(t)}?${Gn(e)}dry_run=true`)).json()).deleted,remove:async(e,t)=>(await(await J("DELETE",`${Hn[e]}/${$(t)}?${Gn(e)}`)).json()).warnings??[],selections:async(e={})=>{let t=e.space?`space=${$(e.space)}`:`comparison=${$(e.comparison??"")}`;return(await B(`selections?${t}`)).selections},saveSelection:async e=>(await J("POST","selections",e)).json(),changeSelection:async(e,t)=>(await J("PATCH",`selections/${e}`,t)).json(),removeSelection:e=>J("DELETE",`selections/${e}`),query:async(e,t,n)=>(await(await J("POST","query",{spaces:[e],vector:t,k:n})).json()).results[0],comparison:e=>B(`comparisons/${$(e)}`),items:(e,t,n)=>B(`comparisons/${$(e)}/items?order=${t}&limit=${n}&lists=true`),space:e=>B(`spaces/${$(e)}`),duplicates:(e,t)=>B(`spaces/${$(e)}/duplicates?from=0&to=${t}`),item:async(e,t)=>(await B(`comparisons/${$(e)}/items?row=${t}`)).items[0],neighbours:(e,t,n)=>B(`spaces/${$(e)}/neighbours?row=${t}&k=${n}`),values:async(e,t)=>en(await(await J("GET",`comparisons/${$(e)}/rows?column=${$(t)}`)).arrayBuffer()),column:(e,t)=>B(`datasets/${$(e)}/columns/${$(t)}`),dataset:e=>B(`datasets/${$(e)}`),row:async(e,t)=>await B(`datasets/${$(e)}/rows?from=${t}&to=${t+1}`),find:(e,t,n)=>B(`datasets/${$(e)}/rows?filter=${$(t)}&from=0&to=${n}`),byId:async(e,t)=>(await B(`spaces/${$(e)}/neighbours?id=${$(t)}&k=1`)).row,grade:e=>B(`spaces/${$(e)}/grade`),layout:async e=>(await J("POST","layouts",e)).json(),layouts:async()=>(await B("layouts")).layouts,layoutNow:e=>B(`layouts/${$(e)}`),frame:async(e,t)=>en(await(await J("GET",`layouts/${$(e)}/frame?column=${$(t)}`)).arrayBuffer()),compare:async(e,t,n,r={})=>(await J("POST","comparisons",{a:e,b:t,k:n,...r})).json(),job:(e,t)=>B(`jobs/${$(e)}?wait=${t}`),cancel:e=>J("DELETE",`jobs/${$(e)}`)};function nn(e,t,n){return xt===tn?qn+Yn(e,t,n):null}function Yn(e,t,n){return`datasets/${$(e)}/media/${t}/${$(n)}`}var Kn=new Map;function rn(e,t,n){let r=Yn(e,t,n),o=Kn.get(r);return o||(o=J("GET",r).then(async s=>URL.createObjectURL(await s.blob())),Kn.set(r,o)),o}var Jn=`:root {
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
.narrow,
.narrow ~ p {
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
`;function X(e){return String(e).replace(/\B(?=(\d{3})+$)/g,",")}function D(e,t,n=`${t}s`){return`${X(e)} ${e===1?t:n}`}function ae(e){return e!==0&&Math.abs(e)<5e-4?e.toExponential(1):e.toFixed(3)}function Zn(e){return`${(100*e).toFixed(1)} %`}function on(e){if(!Number.isFinite(e))return"\u2013";let t=Math.abs(e);return t!==0&&(t<1e-4||t>=1e6)?e.toExponential(3):e.toPrecision(4)}function N(e,t){let n=Array.from(e.length>4*t?e.slice(0,4*t):e);return n.length<=t?{text:e,whole:!0}:{text:`${n.slice(0,t).join("").trimEnd()}\u2026`,whole:!1}}var Qe=[[0,114,178],[230,159,0],[0,158,115],[204,121,167],[86,180,233],[150,140,20],[110,80,160],[120,85,60],[15,135,145],[190,150,220]],fe=[150,155,163],an=null;function tr(e){an=e}function ln(){return(an?an==="dark":matchMedia("(prefers-color-scheme: dark)").matches)?[240,243,248]:[20,23,28]}var sn=[[68,1,84],[71,44,122],[59,81,139],[44,113,142],[33,144,141],[39,173,129],[92,200,99],[170,220,50],[253,231,37]];function No(e){let t=Math.max(0,Math.min(1,e))*(sn.length-1),n=sn[Math.floor(t)]??fe,r=sn[Math.ceil(t)]??fe,o=t-Math.floor(t);return[0,1,2].map(s=>Math.round((n[s]??0)*(1-o)+(r[s]??0)*o))}var et=190,Me=1;function nt(e,t,n){let r=new Array(t.length).fill(0);for(let d=0;d<e.length;d++){let h=e[d]??0;r[h]=(r[h]??0)+1}let o=t.map((d,h)=>h).filter(d=>(r[d]??0)>0);o.length>Qe.length&&o.sort((d,h)=>(r[h]??0)-(r[d]??0)||d-h);let a=o.slice(0,Qe.length),i=new Map(a.map((d,h)=>[d,Qe[h]??fe])),c=Uint32Array.from(t,(d,h)=>tt(i.get(h)??fe,n.size===0||n.has(d)?et:20)),u=new Uint32Array(e.length);for(let d=0;d<u.length;d++)u[d]=c[e[d]??0]??0;let p=a.map(d=>({name:t[d]??"",colour:i.get(d)??fe,count:r[d]??0})),m=o.slice(Qe.length).reduce((d,h)=>d+(r[h]??0),0);if(m>0){let d=D(o.length-Qe.length,"other");p.push({name:d,colour:fe,count:m,fixed:!0})}let f=d=>t[e[d]??-1]??"";return{colours:new Uint8Array(u.buffer),keys:p,range:null,tell:f}}function tt([e,t,n],r){return new Uint32Array(Uint8Array.of(e,t,n,r).buffer)[0]??0}function nr(e,t){let n=Float64Array.from(e).filter(Number.isFinite).sort();return n[Math.floor(t*n.length)]}function rt(e,t){let n=Number.POSITIVE_INFINITY,r=Number.NEGATIVE_INFINITY;for(let m=0;m<e.length;m++){let f=e[m]??Number.NaN;Number.isFinite(f)&&(n=Math.min(n,f),r=Math.max(r,f))}let o=t!==void 0&&t<r;r=o?t:r;let s=1024,a=Uint32Array.from({length:s+1},(m,f)=>tt(No(f/s),et)),i=tt(fe,et),c=new Uint32Array(e.length);for(let m=0;m<e.length;m++){let f=e[m]??Number.NaN,d=r>n?Math.min(1,(f-n)/(r-n)):.5;c[m]=Number.isFinite(f)?a[Math.round(d*s)]??i:i}let u=n<=r?[n,r]:null,p=m=>cn(e[m]);return{colours:new Uint8Array(c.buffer),keys:[],range:u,more:o,tell:p}}function cn(e=Number.NaN){return Number.isFinite(e)?String(Number(e.toPrecision(3))):"\u2013"}function rr(e,t){let n=Float32Array.from(e,i=>i>t?i:Number.NaN),r=n.reduce((i,c)=>i+(Number.isNaN(c)?1:0),0),o=rt(n,nr(n,.98));for(let i=0;i<n.length;i++)t>0&&Number.isNaN(n[i])&&(o.colours[4*i+3]=et|Me);let s={name:`moved by the map, not the model (\u2264 ${t.toPrecision(2)})`,colour:fe,count:r},a=t>0&&r>0?[{...s,fixed:!0,hatched:!0}]:[];return{...o,keys:a,tell:i=>cn(e[i])}}var Xn=[213,120,0],Qn=[165,168,174],er=[0,114,178];function or(e){let t=Math.max(1,nr(Array.from(e,Math.abs),.98)??1),n=new Uint32Array(e.length),r=[0,0,0];for(let i=0;i<n.length;i++){let c=Math.max(-1,Math.min(1,(e[i]??0)/t))||0,u=c<0?Xn:er,p=Math.abs(c),m=Qn.map((f,d)=>Math.round(f+((u[d]??f)-f)*p));n[i]=tt(m,et),r[Math.sign(c)+1]=(r[Math.sign(c)+1]??0)+1}let o=["in fewer lists","in as many","in more lists"],s=[Xn,Qn,er].map((i,c)=>({name:o[c]??"",colour:i,count:r[c]??0,fixed:!0})),a=i=>`${(e[i]??0)>0?"+":""}${cn(e[i])}`;return{colours:new Uint8Array(n.buffer),keys:s,range:null,tell:a}}function Fo(e){return e.length>12&&e.every(t=>t===""||t.trim()!==""&&Number.isFinite(Number(t)))}function vt(e,t,n){let{codes:r,values:o}=e;if(!Fo(o)){let i=new Uint32Array(t.length);for(let c=0;c<i.length;c++)i[c]=r[t[c]??0]??0;return nt(i,o,n)}let s=o.map(i=>i===""?Number.NaN:Number(i)),a=new Float64Array(t.length);for(let i=0;i<a.length;i++)a[i]=s[r[t[i]??0]??0]??Number.NaN;return rt(a)}function ot(e,t){if(t.length===0)return e;let n=e.colours.slice(),r=new Uint8Array(n.length/4);for(let o of t)r[o]=1;for(let o=0;o<r.length;o++)if(!r[o]){let s=n[4*o+3]??0;n[4*o+3]=Math.min(s,24)|s&Me}return{...e,colours:n}}function wt(e){let t=new Uint32Array(e).fill(tt([91,143,201],150));return{colours:new Uint8Array(t.buffer),keys:[],range:null}}function sr(e,t,n){return ir(()=>w.compare(e,t,n))}async function ar(e,t){return ir(()=>w.compare(e.a,e.b,t.k??e.k,{metric_a:t.metric??e.metric_a,metric_b:t.metric??e.metric_b,preset:e.preset??"",sample:e.sampled_rows??0,exact:e.exact,engine:e.engine,index_a:e.index_a??"",index_b:e.index_b??"",by:t.by??[]}))}async function ir(e){let t=await e();for(;!t.comparison&&t.job;){let n=await w.job(t.job.id,10);if(n.error)throw Z.of(n.error);n.state==="done"&&(t={comparison:await w.comparison(n.result??"")})}if(!t.comparison)throw V("the comparison was canceled");return t.comparison}var Ce,H,un,lr,pn=Object.is,at=0,br=[],dn=[],W=P,cr=W.__b,ur=W.__r,pr=W.diffed,dr=W.__c,mr=W.unmount,fr=W.__;function _t(e,t){W.__h&&W.__h(H,e,at||t),at=0;var n=H.__H||(H.__H={__:[],__h:[]});return e>=n.__.length&&n.__.push({}),n.__[e]}function _(e){return at=1,Oo(xr,e)}function Oo(e,t,n){var r=_t(Ce++,2);if(r.t=e,!r.__c&&(r.__=[n?n(t):xr(void 0,t),function(s){var a=(r.__N||r.__)[0],i=r.t(a,s);pn(a,i)||(r.__N=[i,r.__[1]],r.__c.setState({}))}],r.__c=H,!H.__f)){H.__f=!0;var o=H.shouldComponentUpdate;H.shouldComponentUpdate=function(s,a,i){var c=this.__H;if(!c)return!0;var u=!1,p=this.props!=s;if(c.__.some(function(f){f.__N&&(u=!0,pn(f.__[0],f.__N[0])||(p=!0))}),o){var m=o.call(this,s,a,i);return u?m||p:m}return!u||p}}return r.__}function R(e,t){var n=_t(Ce++,3);!W.__s&&fn(n.__H,t)&&(n.__P=!0,n.__=e,n.u=t,H.__H.__h.push(n))}function Q(e,t){var n=_t(Ce++,4);!W.__s&&fn(n.__H,t)&&(n.__P=!1,n.__=e,n.u=t,H.__h.push(n))}function ee(e){return at=5,U(function(){return{current:e}},[])}function U(e,t){var n=_t(Ce++,7);return fn(n.__H,t)&&(n.__=e(),n.__H=t),n.__}function yr(e,t){return at=8,U(function(){return e},t)}function Io(){var e;do{for(;e=dn.shift();)try{st(e)}catch(n){W.__e(n,{__:(e=e.__P)&&e.__v})}for(;e=br.shift();){var t=e.__H;if(e.__P&&t)try{t.__h.some(st),t.__h.some(mn),t.__h=[]}catch(n){t.__h=[],W.__e(n,e.__v)}}}while(dn.length)}W.__b=function(e){H=null,cr&&cr(e)},W.__=function(e,t){e&&t.__k&&t.__k.__m&&(e.__m=t.__k.__m),fr&&fr(e,t)},W.__r=function(e){ur&&ur(e),Ce=0;var t=(H=e.__c).__H;t&&(un==H?H.__h=[]:(t.__h.some(st),t.__h.some(mn),Ce=0),t.__h=[],t.__.some(function(n){n.__N&&(n.__=n.__N),n.u=n.__N=void 0})),un=H},W.diffed=function(e){pr&&pr(e);var t=e.__c;t&&t.__H&&(t.__H.__h.length&&gr(br.push(t)),t.__H.__.some(function(n){n.u&&(n.__H=n.u)})),un=H=null},W.__c=function(e,t){t.some(function(n){try{n.__h.some(st),n.__h=n.__h.filter(function(r){return!r.__||mn(r)})}catch(r){n.__h=[function(){throw r}]}}),dr&&dr(e,t)},W.unmount=function(e){mr&&mr(e);var t,n,r=e.__c;r&&r.__H&&(r.__H.__.some(function(o){try{if(o.__P&&o.__c){if(n===void 0){for(n=e.__;n&&(!n.__c||!n.__c.__P);)n=n.__;n=n&&n.__c}o.__P=n,gr(dn.push(o))}else st(o)}catch(s){t=s}}),r.__H=void 0,t&&W.__e(t,r.__v))};var hr=typeof requestAnimationFrame=="function";function Bo(e){var t,n=function(){clearTimeout(r),hr&&cancelAnimationFrame(t),setTimeout(e)},r=setTimeout(n,35);hr&&(t=requestAnimationFrame(n))}function gr(e){e!=1&&lr==W.requestAnimationFrame||((lr=W.requestAnimationFrame)||Bo)(Io)}function st(e){var t=H,n=e.__c;typeof n=="function"&&(e.__c=void 0,n()),H=t}function mn(e){var t=H;e.__c=e.__(),H=t}function fn(e,t){return!e||e.length!=t.length||t.some(function(n,r){return!pn(n,e[r])})}function xr(e,t){return typeof t=="function"?t(e):t}function G(e,t,n){let r=()=>e?.get(t)??n,[o,s]=_(r);return R(()=>e?.on(t,()=>s(r())),[e,t,n]),[o,i=>{s(i),e?.set(t,i)}]}var Uo=[];function Ee(e,t){let[n,r]=G(e,"item",-1),[o,s]=G(e,"selection",Uo),a=U(()=>kt(t),[t]),i=U(()=>{let u=[];for(let p of o){let m=a(p);m>=0&&u.push(m)}return u},[o,a]),c=u=>t?.[u]??-1;return{chosen:a(n),selection:i,rows:o,open:r,choose:u=>r(c(u)),selectRows:s,select:u=>s(u.map(c).sort((p,m)=>p-m)),hover:u=>e?.set("hovered",u<0?null:c(u))}}var vr=new WeakMap;function kt(e){if(!e)return()=>-1;let t=vr.get(e);if(!t){let r=-1;for(let o=0;o<e.length;o++)r=Math.max(r,e[o]??-1);t=new Int32Array(r+1).fill(-1);for(let o=0;o<e.length;o++)t[e[o]??0]=o;vr.set(e,t)}let n=t;return r=>n[r]??-1}function j(e,t){let[n,r]=_(0),[o,s]=_({value:null,error:null});Q(()=>{let i=!0;return e().then(c=>i&&s({value:c,error:null}),c=>i&&s(u=>({value:u.value,error:V(c)}))),()=>{i=!1}},[...t,n]);let a=yr(()=>r(i=>i+1),[]);return{...o,again:a}}var jo=Symbol.for("pv"),zo=0;function l(e,t,n,r,o,s){t||(t={});var a,i,c=t;if("ref"in c&&typeof e!="function")for(i in c={},t)i=="ref"?a=t[i]:c[i]=t[i];var u={type:e,props:c,key:n,ref:a,__k:null,__:null,__b:0,__e:null,__c:null,constructor:jo,__v:--zo,__i:-1,__u:0};return(o||s)&&(u.__source=o,u.__self=s),P.vnode&&P.vnode(u),u}var Do=[["arrows","the nearest item in that direction"],["Shift + arrows","move the map"],["+ \u2212 0","zoom in, out, the whole map"],["[ ]","the neighbour before, the next one"],["P","play or stop the sound of the item that is pointed at"],["L","draw a lasso; again: move"],["B","to the other map"],["W A S D","turn a map of three dimensions"],["Z","undo: the state before"],["Esc","no item, no selection"],["?","this list"]];function wr({open:e,close:t}){let n=ee(null);return R(()=>{e&&!n.current?.open&&n.current?.showModal()},[e]),l("dialog",{ref:n,class:"keys-list","aria-label":"Keys of the maps",onClose:t,children:[l("h3",{children:"Keys, when a map has the focus"}),l("dl",{children:Do.map(([r,o])=>l("div",{children:[l("dt",{children:l("kbd",{children:r})}),l("dd",{children:o})]},r))}),l("button",{type:"button",onClick:()=>n.current?.close(),children:"Close"})]})}function K({error:e,again:t}){return l("div",{class:"failure",role:"alert",children:[l("p",{children:l("strong",{children:_r(e.message)})}),e.hint&&l("p",{children:_r(e.hint)}),t&&l("button",{type:"button",onClick:t,children:"Try again"})]})}function _r(e){return e.charAt(0).toUpperCase()+e.slice(1)}function Le({of:e}){return l(I,{children:e.map(({error:t,again:n},r)=>t&&l(K,{error:t,again:n},r))})}function kr({job:e}){let[t,n]=_(null);return l(I,{children:[l("button",{type:"button",onClick:()=>{n(null),w.cancel(e).catch(o=>n(V(o)))},children:"Cancel"}),t&&l(K,{error:t})]})}function re({what:e}){return l("p",{class:"waiting",role:"status",children:["Loading ",e," \u2026"]})}function it({text:e,limit:t}){let[n,r]=_(!1),o=N(e,t);return o.whole?l(I,{children:e}):l(I,{children:[n?e:o.text," ",l("button",{type:"button",class:"link",onClick:()=>r(!n),children:n?"less":"more"})]})}function Y({of:e,limit:t=Wo}){let n=N(e,t),o=(n.text.match(/[^/_-]*[/_-]+|[^/_-]+/g)??[]).flatMap((s,a)=>a===0?[s]:[l("wbr",{},a),s]);return l("span",{title:n.whole?void 0:e,children:o})}var Wo=200;function Ar(e,t){let{width:n,height:r}=e.canvas,o=new ImageData(n,r);Ho(o.data,n,r,t),e.putImageData(o,0,0)}function Ho(e,t,n,r){let{places:o,colours:s,step:a,edge:i,left:c,top:u,scale:p}=r,m=i/6;for(let f=0;2*f<o.length;f+=a){let d=Math.round(c+p*(o[2*f]??0)-i/2),h=Math.round(u-p*(o[2*f+1]??0)-i/2),y=s[4*f+3]??0,[g,x,v,b]=[-Math.min(d,0),Math.min(i,t-d),-Math.min(h,0),Math.min(i,n-h)];for(let k=v;k<b;k++)for(let M=g;M<x;M++){if(y&Me&&Math.abs(M+k+1-i)>m)continue;let C=4*((h+k)*t+d+M),S=(e[C+3]??0)*(1-y/255),A=y+S;for(let F=0;F<3;F++)e[C+F]=((s[4*f+F]??0)*y+(e[C+F]??0)*S)/A;e[C+3]=A}}}var Go=`#version 300 es
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
}`,Ko=`#version 300 es
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
}`;var At=class{constructor(t){this.gl=t;this.program=qo(t),t.enable(t.BLEND),t.blendFunc(t.ONE,t.ONE_MINUS_SRC_ALPHA),this.places=t.createBuffer(),this.colours=t.createBuffer(),this.extra=t.createBuffer(),this.pointsArray=t.createVertexArray(),this.extraArray=t.createVertexArray(),t.bindVertexArray(this.extraArray),t.bindBuffer(t.ARRAY_BUFFER,this.extra);for(let[n,r,o]of[[0,2,0],[1,4,8],[2,2,24]])t.enableVertexAttribArray(n),t.vertexAttribPointer(n,r,t.FLOAT,!1,32,o);this.kept=t.createFramebuffer(),this.picture=t.createRenderbuffer()}gl;program;uniforms=new Map;places;colours;extra;pointsArray;extraArray;kept;picture;base="";upload(t,n){let{gl:r}=this;r.bindBuffer(r.ARRAY_BUFFER,this[t]),r.bufferData(r.ARRAY_BUFFER,n,r.DYNAMIC_DRAW),this.base=""}draw(t){let{gl:n}=this,{marks:r,trails:o,...s}=t,a=JSON.stringify([s,o]),i=a!==this.base;n.viewport(0,0,t.width,t.height),this.set(t),i&&(n.bindFramebuffer(n.FRAMEBUFFER,this.kept),n.bindRenderbuffer(n.RENDERBUFFER,this.picture),n.renderbufferStorage(n.RENDERBUFFER,n.RGBA8,t.width,t.height),n.framebufferRenderbuffer(n.FRAMEBUFFER,n.COLOR_ATTACHMENT0,n.RENDERBUFFER,this.picture),n.clear(n.COLOR_BUFFER_BIT),this.vertices(n.LINES,o),this.points(t.n,t.step),this.base=a),n.bindFramebuffer(n.FRAMEBUFFER,null),n.clear(n.COLOR_BUFFER_BIT),n.bindFramebuffer(n.READ_FRAMEBUFFER,this.kept);let c=[0,0,t.width,t.height];return n.blitFramebuffer(...c,...c,n.COLOR_BUFFER_BIT,n.NEAREST),n.bindFramebuffer(n.FRAMEBUFFER,null),this.vertices(n.POINTS,r),i}set({camera:t,width:n,height:r,pointSize:o,ratio:s}){let{gl:a}=this;a.useProgram(this.program),a.uniform3f(this.at("camera"),t.x,t.y,t.zoom),a.uniform2f(this.at("size"),n,r),a.uniform1f(this.at("points"),o),a.uniform1f(this.at("ratio"),s)}points(t,n){let{gl:r}=this;r.uniform1i(this.at("line"),0),r.uniform1i(this.at("marked"),0),r.bindVertexArray(this.pointsArray),r.bindBuffer(r.ARRAY_BUFFER,this.places),r.enableVertexAttribArray(0),r.vertexAttribPointer(0,2,r.FLOAT,!1,8*n,0),r.bindBuffer(r.ARRAY_BUFFER,this.colours),r.enableVertexAttribArray(1),r.vertexAttribPointer(1,4,r.UNSIGNED_BYTE,!0,4*n,0),r.drawArrays(r.POINTS,0,Math.ceil(t/n))}vertices(t,n){let{gl:r}=this;n.length!==0&&(r.uniform1i(this.at("line"),t===r.LINES?1:0),r.uniform1i(this.at("marked"),t===r.LINES?0:1),r.bindVertexArray(this.extraArray),r.bindBuffer(r.ARRAY_BUFFER,this.extra),r.bufferData(r.ARRAY_BUFFER,new Float32Array(n),r.DYNAMIC_DRAW),r.drawArrays(t,0,n.length/8))}at(t){let n=this.uniforms.get(t);return n===void 0&&(n=this.gl.getUniformLocation(this.program,t),this.uniforms.set(t,n)),n}};function Sr(e){let t=e.getExtension("WEBGL_debug_renderer_info"),n=String(e.getParameter(t?t.UNMASKED_RENDERER_WEBGL:e.RENDERER));return/swiftshader|llvmpipe|softpipe|software|basic render/i.test(n)}function qo(e){let t=e.createProgram();for(let[n,r]of[[e.VERTEX_SHADER,Go],[e.FRAGMENT_SHADER,Ko]]){let o=e.createShader(n);if(!o)throw new Error("the graphics context is lost");e.shaderSource(o,r),e.compileShader(o),e.attachShader(t,o)}if(e.linkProgram(t),!e.getProgramParameter(t,e.LINK_STATUS)&&!e.isContextLost())throw new Error(e.getProgramInfoLog(t)??"the shaders do not link");return t}var Re=class{constructor(t){this.places=t;let n=t.length/2;this.ids=new Uint32Array(n);let r=new Uint32Array(n);for(let s=0;s<n;s++){let a=ie(t[2*s+1]??0)*256+ie(t[2*s]??0);r[s]=a,this.start[a+1]=(this.start[a+1]??0)+1}for(let s=0;s<256*256;s++)this.start[s+1]=(this.start[s+1]??0)+(this.start[s]??0);let o=this.start.slice(0,-1);for(let s=0;s<n;s++){let a=r[s]??0;this.ids[o[a]??0]=s,o[a]=(o[a]??0)+1}}places;start=new Uint32Array(256*256+1);ids;nearest(t,n,r){let o=-1,s=r*r;for(let a=ie(n-r);a<=ie(n+r);a++)for(let i=ie(t-r);i<=ie(t+r);i++){let c=a*256+i;for(let u=this.start[c]??0;u<(this.start[c+1]??0);u++){let p=this.ids[u]??0,m=((this.places[2*p]??0)-t)**2+((this.places[2*p+1]??0)-n)**2;m<=s&&(o=p,s=m)}}return o}within(t){let n=Zo(t),r=new Uint8Array(this.ids.length);for(let s=0;s<256;s++){let a=Yo(t,(s+.5)/256);for(let i=0;i<256;i++){let c=s*256+i,u=this.start[c+1]??0,p=this.start[c]??0;if(n[c])for(;p<u;p++){let m=this.ids[p]??0;r[m]=Vo(t,this.places[2*m]??0,this.places[2*m+1]??0)?1:0}else if(Jo(a,(i+.5)/256))for(;p<u;p++)r[this.ids[p]??0]=1}}let o=[];for(let s=0;s<r.length;s++)r[s]&&o.push(s);return o}};function Vo(e,t,n){let r=!1,[o,s]=e.at(-1)??[0,0];for(let[a,i]of e)i>n!=s>n&&t<(o-a)*(n-i)/(s-i)+a&&(r=!r),[o,s]=[a,i];return r}function Yo(e,t){let n=[],[r,o]=e.at(-1)??[0,0];for(let[s,a]of e)a>t!=o>t&&n.push((r-s)*(t-a)/(o-a)+s),[r,o]=[s,a];return n}function Jo(e,t){return e.reduce((n,r)=>t<r?!n:n,!1)}function Zo(e){let t=new Uint8Array(65536);for(let o=0;o<256;o++)for(let s of[o,o+256*255,o*256,(o+1)*256-1])t[s]=1;let[n,r]=e.at(-1)??[0,0];for(let[o,s]of e){let[a,i]=[Math.min(s,r),Math.max(s,r)],c=i>a?(n-o)/(r-s):0,u=p=>o+c*(p-s);for(let p=ie(a-St);p<=ie(i+St);p++){let m=i>a?u(Math.max(a,p/256)):o,f=i>a?u(Math.min(i,(p+1)/256)):n,d=ie(Math.max(m,f)+St);for(let h=ie(Math.min(m,f)-St);h<=d;h++)t[p*256+h]=1}[n,r]=[o,s]}return t}var St=1e-6;function ie(e){return Math.max(0,Math.min(255,Math.floor(e*256)))}var Te={x:.5,y:.5,zoom:1},Qo=["circle","triangle","square","ring"],hn=3e4,Pr=200,$r=200,Pt=class{constructor(t){this.canvas=t;t.addEventListener("webglcontextlost",this.lost),t.addEventListener("webglcontextrestored",this.restored),this.cover()}canvas;n=0;camera=Te;size=4;places=new Float32Array(0);colours=new Uint8Array(0);marks=[];trails=[];from=null;queued=0;grid=null;gl=null;graphics=null;paper=null;begun=!1;forgetBegin=null;slow=!1;movedAt=Number.NEGATIVE_INFINITY;settling=0;close(){cancelAnimationFrame(this.queued),clearTimeout(this.settling),this.forgetBegin?.(),this.canvas.removeEventListener("webglcontextlost",this.lost),this.canvas.removeEventListener("webglcontextrestored",this.restored),this.gl?.getExtension("WEBGL_lose_context")?.loseContext(),this.paper?.remove()}accelerate(){this.begun=!0,this.gl=this.canvas.getContext("webgl2",{antialias:!1,alpha:!0}),this.gl&&(this.slow=Sr(this.gl),this.uncover(this.gl))}cover(){this.graphics=null;let t=document.createElement("canvas");t.className="points-plain",t.setAttribute("aria-hidden","true"),this.canvas.after(t),this.paper=t,this.draw()}uncover(t){this.graphics=new At(t),this.graphics.upload("places",this.places),this.graphics.upload("colours",this.colours);let{paper:n}=this;this.paper=null,this.drawNow(),n?.remove()}lost=t=>{t.preventDefault(),this.cover()};restored=()=>{this.gl&&this.uncover(this.gl)};get accelerated(){return this.graphics!==null}move(t){this.places=t,this.grid=null;let n=t.length/2;n!==this.n&&(this.n=n,this.colours=new Uint8Array(4*n).fill(150),this.graphics?.upload("colours",this.colours)),this.graphics?.upload("places",t),this.stir()}paint(t){t.length===4*this.n&&(this.colours=t,this.graphics?.upload("colours",t),this.draw())}mark(t){this.marks=t.filter(n=>n.id>=0&&n.id<this.n),this.draw()}look(t){let n=t!==this.camera;this.camera=t,n&&this.stir()}trail(t,n){this.trails=t,this.from=n,this.draw()}draw(){this.queued||=requestAnimationFrame(()=>{this.queued=0,this.drawNow()})}stir(){this.movedAt=performance.now(),clearTimeout(this.settling),this.settling=setTimeout(()=>{(this.step()>1||!this.grid)&&(this.movedAt=Number.NEGATIVE_INFINITY,this.grid??=new Re(this.places),this.draw())},Pr),this.draw()}step(){return this.slow&&performance.now()-this.movedAt<Pr?Math.max(1,Math.min(31,Math.ceil(this.n/hn))):1}drawNow(t=globalThis.devicePixelRatio||1,n=this.step()){let{clientWidth:r,clientHeight:o}=this.canvas,s=Math.max(1,Math.round(r*t)),a=Math.max(1,Math.round(o*t)),i=this.paper??this.canvas;if((i.width!==s||i.height!==a)&&(i.width=s,i.height=a),!this.graphics){this.drawPlain(s,a,t),!this.begun&&this.n>0&&(this.forgetBegin??=gn(()=>this.accelerate()));return}let{camera:c,n:u}=this,p=this.pointSize(),m=this.trailVertices(),f=this.markVertices(),d={width:s,height:a,ratio:t,camera:c,n:u,step:n,pointSize:p,trails:m,marks:f};this.graphics.draw(d)&&n===1&&u>hn&&!this.slow&&this.time(this.graphics.gl)}time(t){let n=t.fenceSync(t.SYNC_GPU_COMMANDS_COMPLETE,0),r=performance.now(),o=()=>{if(!n||t.isContextLost())return;let s=performance.now()-r;if(t.getSyncParameter(n,t.SYNC_STATUS)!==t.SIGNALED&&s<$r){setTimeout(o,20);return}this.slow=s>=$r,t.deleteSync(n)};setTimeout(o,0)}picture(t){this.drawNow(t,1);let n=(this.paper??this.canvas).toDataURL("image/png");return this.drawNow(),n}markVertices(){return this.marks.flatMap(({id:t,colour:[n,r,o],shape:s,size:a})=>[this.places[2*t]??0,this.places[2*t+1]??0,n/255,r/255,o/255,1,Qo.indexOf(s),a])}trailVertices(){let{from:t,places:n,colours:r}=this;return t?this.trails.flatMap(o=>{let s=[0,1,2].map(c=>(r[4*o+c]??0)/255),a=[t[2*o]??0,t[2*o+1]??0],i=[n[2*o]??0,n[2*o+1]??0];return[...a,...s,.1,0,0,...i,...s,.75,0,0]}):[]}pointSize(){let t=Math.max(.35,Math.min(1,Math.sqrt(2e4/Math.max(this.n,1))));return Math.max(1.5,this.size*t*Math.min(2.5,this.camera.zoom**.3))}drawPlain(t,n,r){let o=this.paper?.getContext("2d",{willReadFrequently:!0});if(!o)return;let{places:s,colours:a,camera:i}=this,c=this.scale()*r;Ar(o,{places:s,colours:a,scale:c,step:Math.max(1,Math.ceil(this.n/hn)),edge:Math.max(1,Math.round(this.pointSize()*r)),left:t/2-c*i.x,top:n/2+c*i.y}),o.setTransform(r,0,0,r,0,0),this.drawTrails(o);for(let u of this.marks){let[p,m]=this.toPixel(u.id);es(o,u,p,m)}}drawTrails(t){let{from:n}=this;t.globalCompositeOperation="destination-over";for(let r of n?this.trails:[]){let[o,s,a]=this.colours.subarray(4*r,4*r+3);t.strokeStyle=`rgb(${o} ${s} ${a} / 0.5)`,t.beginPath(),t.moveTo(...this.onCanvas(n?.[2*r]??0,n?.[2*r+1]??0)),t.lineTo(...this.toPixel(r)),t.stroke()}t.globalCompositeOperation="source-over"}scale(){return Math.min(this.canvas.clientWidth,this.canvas.clientHeight)*this.camera.zoom}toPlot(t,n){let{clientWidth:r,clientHeight:o}=this.canvas,s=this.scale();return[(t-r/2)/s+this.camera.x,(o/2-n)/s+this.camera.y]}toPixel(t){return this.onCanvas(this.places[2*t]??0,this.places[2*t+1]??0)}onCanvas(t,n){let{clientWidth:r,clientHeight:o}=this.canvas,s=this.scale();return[(t-this.camera.x)*s+r/2,o/2-(n-this.camera.y)*s]}pick(t,n,r=8){this.grid??=new Re(this.places);let[o,s]=this.toPlot(t,n);return this.grid.nearest(o,s,r/this.scale())}next(t,n,r){let o=this.places[2*t]??0,s=this.places[2*t+1]??0,a=-1,i=Number.POSITIVE_INFINITY;for(let c=0;c<this.n;c++){let u=(this.places[2*c]??0)-o,p=(this.places[2*c+1]??0)-s,m=u*n+p*r,f=Math.abs(u*r-p*n),d=u*u+p*p;c!==t&&m>0&&f<=m&&d<i&&(a=c,i=d)}return a}within(t){return this.grid??=new Re(this.places),this.grid.within(t)}};function gn(e){let t,n=requestAnimationFrame(()=>{t=setTimeout(e)});return()=>{cancelAnimationFrame(n),clearTimeout(t)}}function es(e,t,n,r){let[o,s,a]=t.colour,i=t.size/2;e.fillStyle=e.strokeStyle=`rgb(${o} ${s} ${a})`,e.lineWidth=2.5,e.beginPath(),t.shape==="triangle"?(e.moveTo(n,r-i),e.lineTo(n+i,r+i),e.lineTo(n-i,r+i)):t.shape==="square"?e.rect(n-i*.8,r-i*.8,t.size*.8,t.size*.8):e.arc(n,r,t.shape==="ring"?i-1:i,0,7),t.shape==="ring"?e.stroke():e.fill()}function Ne(e){return(e??[]).map(t=>({value:t,text:N(t,60).text}))}var ts={move:"move",turn:"turn",box:"select a box",lasso:"lasso"},Mr=[];function Fe(e,t){let[n,r]=G(e,"colour",t.colour??""),[o,s]=G(e,"only",Mr),[a,i]=G(e,"k",t.k),[c,u]=G(e,"dims",2),[p,m]=_(Te),[f,d]=_(c===3&&t.deep?"turn":"move"),[h,y]=_(!1);return{colour:n,only:o,setOnly:s,setK:i,camera:p,setCamera:m,gesture:f,setGesture:d,helped:h,setColour:g=>{s(Mr),r(g)},k:Math.min(Math.max(a,1),t.most),most:t.most,dims:t.deep?c:2,setDims:t.deep?u:void 0,help:(g=!0)=>y(g),undo:e?.undo?.bind(e)}}function Oe({tools:e,colours:t,dataset:n,says:r,children:o}){return l("div",{class:"tools",children:[o,l("label",{children:[l("span",{children:"Colour"}),l("select",{value:e.colour,onChange:s=>e.setColour(s.currentTarget.value),children:[l("option",{value:"",children:"none"}),t.map(({value:s,text:a})=>l("option",{value:s,children:a},s))]})]}),l("label",{class:"slider",children:[l("span",{children:["Neighbours: ",l("b",{children:e.k})]}),l("input",{type:"range",min:"1",max:e.most,value:e.k,onInput:s=>e.setK(Number(s.currentTarget.value))})]}),l("div",{class:"field",children:[l("span",{children:"Drag to"}),l("fieldset",{class:"segments",children:[l("legend",{class:"hidden",children:"What a drag on a map does"}),Object.entries(ts).filter(([s])=>s!=="turn"||e.dims===3).map(([s,a])=>l("label",{children:[l("input",{type:"radio",checked:e.gesture===s,onChange:()=>e.setGesture(s)}),l("span",{children:a})]},s))]})]}),l("button",{type:"button",onClick:()=>e.setCamera(Te),children:"Whole map"}),e.setDims&&l("label",{class:"check",children:[l("input",{type:"checkbox",checked:e.dims===3,onChange:s=>{let a=s.currentTarget.checked;e.setDims?.(a?3:2),e.setGesture(a?"turn":"move")}}),l("span",{children:"3-D"})]}),e.undo&&l("button",{type:"button",title:"the state before (Z)",onClick:e.undo,children:"Undo"}),l("button",{type:"button",title:"the keys of the maps (?)",onClick:()=>e.help(),children:"Keys"}),n&&l(ss,{dataset:n,select:r.selectRows,open:r.open}),l(wr,{open:e.helped,close:()=>e.help(!1)})]})}var ns=2e5;function $t(e,t,{kept:n,rows:r}){let o=Object.entries(t),s=o.filter(([p])=>!n||n.includes(p)),a=r>ns&&!n?"pca":(s[0]??o[0])?.[0],[i,c]=G(e,"method",""),u=s.find(([p])=>p===i)?.[0]??a;return{method:u,choice:l(rs,{method:u,setMethod:c,methods:s})}}function rs(e){return l("label",{children:[l("span",{children:"Laid out"}),l("select",{value:e.method,onChange:t=>e.setMethod(t.currentTarget.value),children:e.methods.map(([t,n])=>l("option",{value:t,children:n},t))})]})}var os=12;function ss({dataset:e,select:t,open:n}){let[r,o]=_(""),[s,a]=_(""),{value:i,error:c}=j(async()=>s===""?null:{asked:s,found:await w.find(e,s,os)},[e,s]),u=i&&i.asked===s?i.found:null;return R(()=>{u&&t(u.matches)},[u]),l("search",{class:"find",children:[l("form",{onSubmit:p=>{p.preventDefault(),a(r.trim()),r.trim()===""&&t([])},children:[l("input",{type:"search",value:r,placeholder:"Find a text or an id","aria-label":`Find items of ${e} by a text in any column`,onInput:p=>o(p.currentTarget.value)}),l("button",{type:"submit",children:"Find"})]}),c&&l(K,{error:c}),u&&l("div",{class:"hits",role:"status",children:[l("span",{children:[u.matches.length===0?"Nothing holds":`${D(u.matches.length,"item")} with`," \u201C",N(s,40).text,"\u201D",u.matches.length>1&&": "]}),u.ids.map((p,m)=>l("button",{type:"button",class:"link",onClick:()=>n(u.matches[m]??-1),children:l(Y,{of:p,limit:40})},p)),u.matches.length>u.ids.length&&l("span",{class:"muted",children:"\u2026"})]})]})}function Ie({count:e,clear:t}){return e===0?null:l("p",{children:[D(e,"item")," selected"," ",l("button",{type:"button",class:"link",onClick:t,children:"clear"})]})}function Be({share:e,stage:t,job:n}){return l("div",{class:"progress",role:"status",children:[l("progress",{value:e,"aria-label":"progress of the map"})," ",t," ",l(kr,{job:n})]})}function Mt({layout:e}){return e.state!=="done"||!e.quality?null:l("p",{class:"muted honesty",children:[e.quality.map((t,n)=>l("span",{children:[e.spaces[n],": ",Zn(t.recall_15)," of the 15 nearest are near on the map, trustworthiness"," ",ae(t.trustworthiness),"."," "]},e.spaces[n])),e.null_band!==null&&e.displacement!==null&&l("span",{children:["The median item moved by ",e.displacement.toFixed(3)," of the map's radius; below"," ",e.null_band.toFixed(3)," movement means nothing."]})]})}function Ue({painted:e,only:t,setOnly:n}){let r=o=>n(t.includes(o)?t.filter(s=>s!==o):[...t,o]);return l("div",{class:"keys",children:[e.range&&l("span",{children:[e.range[0].toPrecision(3)," ",l("span",{class:"ramp","aria-hidden":"true"})," ",e.range[1].toPrecision(3),e.more&&" and more"]}),e.keys.map(o=>l("button",{type:"button",class:o.fixed?"key fixed":"key",disabled:o.fixed,"aria-pressed":t.includes(o.name),onClick:()=>r(o.name),children:[l("svg",{class:"swatch",viewBox:"0 0 10 10","aria-hidden":"true",fill:`rgb(${o.colour.join(" ")})`,children:o.hatched?l("path",{d:"M0 8.5 8.5 0 10 1.5 1.5 10Z"}):l("circle",{cx:"5",cy:"5",r:"5"})}),l("span",{children:[l(Y,{of:o.name,limit:60})," ",l("span",{class:"muted",children:X(o.count)})]})]},o.name))]})}function Ct(e,t){let n=(e.a??[]).slice(0,t),r=(e.b??[]).slice(0,t),o=new Set(n.map(i=>i.id)),s=new Set(r.map(i=>i.id)),a=n.filter(i=>s.has(i.id)).length;return{...e,a:n.map(i=>({...i,shared:s.has(i.id)})),b:r.map(i=>({...i,shared:o.has(i.id)})),shared:a,jaccard:a/(2*t-a)}}var bn=[194,24,31],Cr=[176,104,0],Er=[151,71,122],Lr=e=>({id:e,shape:"ring",colour:ln(),size:20});function Rr(e){return e<0?[]:[{id:e,shape:"ring",colour:ln(),size:15}]}function Tr(e,t,n,r){if(!e||!t||n<0)return{a:[],b:[]};let o=kt(t.a),s=kt(t.b),a=Ct(e,r),i=[...(a.a??[]).filter(c=>!c.shared).map(c=>({id:o(c.row),shape:"triangle",colour:Cr,size:13})),...(a.b??[]).filter(c=>!c.shared).map(c=>({id:s(c.row),shape:"square",colour:Er,size:12})),...(a.a??[]).filter(c=>c.shared).map(c=>({id:o(c.row),shape:"circle",colour:bn,size:11})),Lr(n)];return{a:i,b:i}}function Et(e,t){let n=e.map(r=>({id:r.row,shape:"circle",colour:bn,size:11}));return t<0?[]:[...n,Lr(t)]}var Nr={circle:bn,triangle:Cr,square:Er};function xe(e){let t=ee(null),n=ee(null),[r,o]=_([]),s=ee(e);return s.current=e,Q(()=>{let a=t.current;if(!a)return;let i=new Pt(a);n.current=i,je.set(e.side,i);let c=new ResizeObserver(()=>i.draw());c.observe(a);let u=is(a,i,s,o);return()=>{c.disconnect(),u(),i.close(),je.get(e.side)===i&&je.delete(e.side)}},[]),Q(()=>{e.places&&n.current?.move(e.places),e.colours&&n.current?.paint(e.colours)},[e.places,e.colours]),Q(()=>n.current?.mark(e.marks),[e.marks,e.places]),Q(()=>n.current?.look(e.tools.camera),[e.tools.camera]),Q(()=>n.current?.trail(e.trails?.ids??[],e.trails?.from??null),[e.trails]),l("figure",{class:`plot-frame side-${e.side}`,children:[l("figcaption",{children:l("span",{class:`space-${e.side}`,children:e.name})}),l("div",{class:"board",children:[l("canvas",{ref:t,class:`points gesture-${e.tools.gesture}`,"data-side":e.side,tabIndex:0,role:"application","aria-label":`Map of ${e.name}`,"aria-describedby":"map-help",onKeyDown:a=>n.current&&us(a,n.current,s.current)}),r.length>0&&l("svg",{class:"trace","aria-hidden":"true",children:l("polygon",{points:r.map(a=>a.join(",")).join(" ")})}),e.tip?.side===e.side&&n.current&&l(as,{tip:e.tip,plot:n.current})]})]})}function as({tip:{id:e,card:t},plot:n}){let[r,o]=n.toPixel(e),{clientWidth:s,clientHeight:a}=n.canvas,i=14,c={...r<s/2?{left:`${r+i}px`}:{right:`${s-r+i}px`},...o<a/2?{top:`${o+i}px`}:{bottom:`${a-o+i}px`}};return l("div",{class:"tip",role:"tooltip",style:c,children:t})}var je=new Map;Object.assign(globalThis,{vectoryPlots:je});var Fr=10,Or=.01,Ir=.15;function is(e,t,n,r){let o=null,s=null,a=null,i=!1,c=y=>{let g=e.getBoundingClientRect();return[y.clientX-g.left,y.clientY-g.top]},u=y=>{e.setPointerCapture(y.pointerId);let[g,x]=c(y);i=!1,y.shiftKey||["box","lasso"].includes(n.current.tools.gesture)?(s=[[g,x]],a=!y.shiftKey&&n.current.tools.gesture==="box"?[g,x]:null):o={x:g,y:x,camera:n.current.tools.camera}},p=y=>{let[g,x]=c(y);if((s||o)&&h(),s){s=a?ls(a,[g,x]):[...s,[g,x]],r(s);return}if(!o){n.current.hover(t.pick(g,x,Fr),n.current.side);return}if(i||=Math.hypot(g-o.x,x-o.y)>3,i&&n.current.tools.gesture==="turn")n.current.turn?.((g-o.x)*Or,(x-o.y)*Or),o={...o,x:g,y:x};else if(i){let v=Math.min(e.clientWidth,e.clientHeight)*o.camera.zoom;n.current.tools.setCamera({...o.camera,x:o.camera.x-(g-o.x)/v,y:o.camera.y+(x-o.y)/v})}},m=y=>{let[g,x]=c(y);s&&cs(s)>3?n.current.lasso(t.within(s.map(([v,b])=>t.toPlot(v,b)))):!i&&(o||s)&&n.current.choose(t.pick(g,x,Fr)),f()},f=()=>{s=null,o=null,r([])},d=y=>{if(!e.matches(":focus")&&!y.ctrlKey)return;y.preventDefault(),h();let[g,x]=c(y);n.current.tools.setCamera(yn(t,n.current.tools.camera,Math.exp(-y.deltaY*.0015),g,x))},h=()=>n.current.hover(-1,n.current.side);return e.addEventListener("pointerdown",u),e.addEventListener("pointermove",p),e.addEventListener("pointerup",m),e.addEventListener("pointercancel",f),e.addEventListener("pointerleave",h),e.addEventListener("wheel",d,{passive:!1}),()=>{e.removeEventListener("pointerdown",u),e.removeEventListener("pointermove",p),e.removeEventListener("pointerup",m),e.removeEventListener("pointercancel",f),e.removeEventListener("pointerleave",h),e.removeEventListener("wheel",d)}}function ls([e,t],[n,r]){return[[e,t],[n,t],[n,r],[e,r]]}function cs(e){let t=n=>{let r=e.map(o=>o[n]);return r.reduce((o,s)=>Math.max(o,s))-r.reduce((o,s)=>Math.min(o,s))};return Math.max(t(0),t(1))}function yn(e,t,n,r,o){let s=Math.max(.5,Math.min(400,t.zoom*n)),[a,i]=e.toPlot(r,o),c=t.zoom/s;return{zoom:s,x:a+(t.x-a)*c,y:i+(t.y-i)*c}}var Br={a:[-1,0],d:[1,0],w:[0,-1],s:[0,1]};function us(e,t,n){let{camera:r}=n.tools,s={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,1],ArrowDown:[0,-1]}[e.key],a=[t.canvas.clientWidth/2,t.canvas.clientHeight/2];if(s&&e.shiftKey)n.tools.setCamera({...r,x:r.x+.1*s[0]/r.zoom,y:r.y+.1*s[1]/r.zoom});else if(s){let i=n.chosen<0?t.pick(...a,t.canvas.clientWidth):t.next(n.chosen,s[0],s[1]);i>=0&&n.choose(i)}else if(e.key==="+"||e.key==="=")n.tools.setCamera(yn(t,r,1.4,...a));else if(e.key==="-")n.tools.setCamera(yn(t,r,1/1.4,...a));else if(e.key==="0")n.tools.setCamera(Te);else if(e.key==="Escape")n.choose(-1),n.lasso([]);else if(e.key==="?")n.tools.help();else if(e.key==="["||e.key==="]")n.walk?.(e.key==="]"?1:-1,n.side);else if(n.turn&&e.key.toLowerCase()in Br&&!e.ctrlKey&&!e.metaKey){let[i=0,c=0]=Br[e.key.toLowerCase()]??[];n.turn(i*Ir,c*Ir)}else if(e.key.toLowerCase()==="z")n.tools.undo?.();else if(e.key.toLowerCase()==="l")n.tools.setGesture(n.tools.gesture==="lasso"?"move":"lasso");else if(e.key.toLowerCase()==="b")t.canvas.getRootNode().querySelector(`canvas.points[data-side="${n.side==="a"?"b":"a"}"]`)?.focus();else return;e.preventDefault()}function ze({figure:e,table:t,rows:n}){let[r,o]=_(null),s=a=>{o(null),a().then(([i,c])=>ps(i,c),i=>o(V(i)))};return l("div",{class:"exports",children:[l("span",{class:"muted",children:"Save"}),l("button",{type:"button",onClick:()=>s(async()=>[await zr(e()),`${e().file}.png`]),children:"PNG"}),l("button",{type:"button",onClick:()=>s(async()=>[hs(e()),`${e().file}.svg`]),children:"SVG"}),l("button",{type:"button",onClick:()=>s(async()=>{let{columns:a,rows:i}=await t();return[new Blob([ds(a,i)],{type:"text/csv"}),`${e().file}.csv`]}),children:["CSV of ",X(n)]}),r&&l(K,{error:r})]})}function ps(e,t){let n=document.createElement("a");n.href=URL.createObjectURL(e),n.download=t.replaceAll("/","-"),n.click(),setTimeout(()=>URL.revokeObjectURL(n.href),6e4)}function ds(e,t){let n=o=>{let s=String(o);return/[",\r\n]/.test(s)?`"${s.replaceAll('"','""')}"`:s},r=[e.map(({name:o})=>n(o)).join(",")];for(let o=0;o<t;o++)r.push(e.map(({value:s})=>n(s(o))).join(","));return`${r.join(`\r
`)}\r
`}async function Lt(e,t){let n=e?(await w.dataset(e)).columns:[];return(await Promise.all(n.map(o=>w.column(e??"",o)))).map(({column:o,codes:s,values:a})=>({name:o,value:i=>a[s[t[i]??-1]??-1]??""}))}var ms=1500;function De({link:e,figure:t,looked:n}){return R(()=>{let r=e?.keep;if(!r)return;let o=setTimeout(()=>zr(t(),1).then(r,()=>{}),ms);return()=>clearTimeout(o)},[e,...n]),null}var jr=2,fs=2e4,oe=16,xn=20,Ur=170;async function zr(e,t=jr){let{text:n,width:r,height:o}=Dr(e,!1),s=new Image(r,o);s.src=`data:image/svg+xml;charset=utf-8,${encodeURIComponent(n)}`,await s.decode();let a=document.createElement("canvas");return a.width=t*r,a.height=t*o,a.getContext("2d")?.drawImage(s,0,0,a.width,a.height),new Promise((i,c)=>a.toBlob(u=>u?i(u):c(new Error("the picture is too large"))))}function hs(e){return new Blob([Dr(e,!0).text],{type:"image/svg+xml"})}function Dr(e,t){let n=e.panels.flatMap(({side:h,name:y})=>{let g=je.get(h);return g?[{name:y,plot:g}]:[]}),r=getComputedStyle(n[0]?.plot.canvas??document.documentElement),o=h=>r.getPropertyValue(h).trim(),s=n.map(({plot:h})=>[h.canvas.clientWidth,h.canvas.clientHeight]),a=oe+s.reduce((h,[y])=>h+y+oe,0),i=oe+2*xn+8,c=Math.max(...s.map(([,h])=>h)),u=bs(e,a-2*oe,o("--muted")),p=i+c+oe+u.height,m=oe,f=n.map(({name:h,plot:y},g)=>{let[x=0,v=0]=s[g]??[],b=`<g transform="translate(${m} ${i})"><text y="-8" fill="${o("--text")}">${lt(h)}</text>
<svg width="${x}" height="${v}">${gs(y,t)}</svg><rect width="${x}" height="${v}" fill="none" stroke="${o("--line")}"/></g>`;return m+=x+oe,b});return{text:`<svg xmlns="http://www.w3.org/2000/svg" width="${a}" height="${p}" viewBox="0 0 ${a} ${p}" font-family="system-ui, DejaVu Sans, sans-serif" font-size="13">
<rect width="100%" height="100%" fill="${o("--surface")}"/>
<text x="${oe}" y="${oe+14}" font-size="15" font-weight="600" fill="${o("--text")}">${lt(e.title)}</text>
${f.join(`
`)}
<g transform="translate(${oe} ${i+c+oe})" fill="${o("--text")}">${u.text}</g>
</svg>
`,width:a,height:p}}function gs(e,t){let{clientWidth:n,clientHeight:r}=e.canvas;if(!t||e.n>fs)return`<image width="${n}" height="${r}" href="${e.picture(2*jr)}"/>`;let o=e.pointSize()/2,s=new Map;for(let i=0;i<e.n;i++){let[c,u]=e.toPixel(i);if(c<-9||u<-9||c>n+9||u>r+9)continue;let[p,m,f,d]=e.colours.subarray(4*i,4*i+4),h=`fill="rgb(${p},${m},${f})" fill-opacity="${((d??255)/255).toFixed(2)}"`,y=(d??0)&Me?Hr(c,u,o):Wr(c,u,o),g=s.get(h);g?g.push(y):s.set(h,[y])}return[...s].map(([i,c])=>`<g ${i}>${c.join("")}</g>`).join(`
`)+e.marks.map(i=>Gr(i,...e.toPixel(i.id))).join("")}function Wr(e,t,n){return`<circle cx="${e.toFixed(1)}" cy="${t.toFixed(1)}" r="${n.toFixed(2)}"/>`}function Hr(e,t,n){let[r,o,s,a]=[e-n,t+n,1.7*n,.3*n].map(i=>i.toFixed(2));return`<path d="M${r} ${o}l${s} -${s}l${a} ${a}l-${s} ${s}z"/>`}function vn(e){return`rgb(${e.join(",")})`}function Gr({shape:e,colour:t,size:n},r,o){let s=n/2,a=`fill="${vn(t)}"`;switch(e){case"triangle":return`<path d="M${r} ${o-s}L${r+s} ${o+s}H${r-s}Z" ${a}/>`;case"square":return`<rect x="${r-.8*s}" y="${o-.8*s}" width="${.8*n}" height="${.8*n}" ${a}/>`;case"ring":return`<circle cx="${r}" cy="${o}" r="${s-1}" fill="none" stroke="${vn(t)}" stroke-width="2.5"/>`}return`<circle cx="${r}" cy="${o}" r="${s}" ${a}/>`}function bs(e,t,n){let r=Math.max(1,Math.floor(t/Ur)),o=[],s=12,a=i=>{i.forEach((c,u)=>{let p=`translate(${u%r*Ur} ${s+Math.floor(u/r)*xn})`;o.push(`<g transform="${p}">${c}</g>`)}),s+=Math.ceil(i.length/r)*xn};if(e.colour&&e.painted?.range){let[i,c]=e.painted.range.map(p=>p.toPrecision(3)),u=e.painted.more?`${c} and more`:c;a([`<text>${lt(N(e.colour,60).text)}: ${i} (dark) to ${u} (light)</text>`])}return a((e.colour?e.painted?.keys??[]:[]).map(i=>ys(i,n))),a(e.shapes.map(({shape:i,text:c})=>`${Gr({shape:i,colour:Nr[i],size:11},5,-4)}<text x="16">${lt(N(c,22).text)}</text>`)),{text:o.join(`
`),height:s>12?s+4:0}}function ys(e,t){let n=lt(N(e.name,16).text),r=e.hatched?Hr(5,-4,5):Wr(5,-4,5);return`<g fill="${vn(e.colour)}">${r}</g><text x="16">${n} <tspan fill="${t}">${X(e.count)}</tspan></text>`}function lt(e){return e.replaceAll("&","&amp;").replaceAll("<","&lt;").replaceAll('"',"&quot;")}function We(e,t){let[n,r]=_({id:-1,side:"a"}),o=n.id,s=U(()=>[...e,...Rr(o)],[e,o]),a=(c,u)=>{(c!==o||c>=0&&u!==n.side)&&(r({id:c,side:u}),t(c))};return{pointed:n,hovered:o,marks:s,hover:a,walk:(c,u)=>{let p=e.filter(({shape:d})=>d!=="ring").map(({id:d})=>d),m=p.indexOf(o),f=m<0?c>0?0:p.length-1:(m+c+p.length)%p.length;a(p[f]??-1,u)}}}var xs=/\.(wav|mp3|ogg|oga|opus|flac|m4a)$/i,vs=/\.(png|jpe?g|gif|webp)$/i;function ve(e,t){let n={media:null,sound:null,text:null,facts:[]},r=Object.keys(e[0]??{}),o=16;for(let s of r){let a=e.map(u=>u[s]??"");if(a.every((u,p)=>u===t[p]))continue;let i=a.filter(u=>u!=="");if(n.media===null&&i.length>0&&i.every(u=>vs.test(u))){n.media=s;continue}if(n.sound===null&&i.length>0&&i.every(u=>xs.test(u))){n.sound=s;continue}let c=i.reduce((u,p)=>u+p.length,0)/Math.max(1,i.length);c<16?n.facts.push(s):c>=o&&(o=c,n.text=s)}return n.facts.sort(),n}function qr({c:e}){return l("p",{class:"legend",children:[l("span",{class:"mark-shared",children:[l(Rt,{kind:"shared"})," in both lists"]}),l("span",{class:"mark-a",children:[l(Rt,{kind:"a"})," only in ",e.a]}),l("span",{class:"mark-b",children:[l(Rt,{kind:"b"})," only in ",e.b]}),l("span",{class:"muted",children:"\u2191 \u2193 so many places nearer, farther than in the other list"})]})}function Rt({kind:e}){return l("svg",{class:"shape",viewBox:"0 0 10 10","aria-hidden":"true",children:[e==="shared"&&l("circle",{cx:"5",cy:"5",r:"4"}),e==="a"&&l("path",{d:"M5 1 9.4 9H.6Z"}),e==="b"&&l("path",{d:"M1.2 1.2h7.6v7.6H1.2Z"})]})}function Vr({item:e,a:t,b:n,k:r}){return l(_s,{items:[e],a:t,b:n,k:r})}function _s({items:e,a:t,b:n,k:r}){let o=ve(e.map(s=>s.columns),e.map(s=>s.id));return l("ol",{class:"items",children:e.map(s=>l("li",{class:"item","data-id":s.id,children:[l("div",{class:"subject",children:l(ks,{item:s,dataset:t.dataset,shown:o,k:r})}),l("div",{class:"lists",children:[l(He,{side:t,list:s.a??[],shown:o,other:{name:n.name,list:s.b??[]}}),l(He,{side:n,list:s.b??[],shown:o,other:{name:t.name,list:s.a??[]}})]})]},s.id))})}function ks({item:e,dataset:t,shown:n,k:r}){return l(I,{children:[l(Tt,{dataset:t,row:e.row_a,columns:e.columns,shown:n}),l(Yr,{dataset:t,row:e.row_a,columns:e.columns,shown:n}),l("div",{children:[l("h3",{children:l(Y,{of:e.id,limit:120})}),n.text&&l("p",{class:"text",children:l(it,{text:e.columns[n.text]??"",limit:240})}),l(_n,{columns:e.columns,shown:n}),l("p",{class:"agreement",children:[l("b",{children:e.shared})," of ",r," shared, Jaccard ",ae(e.jaccard)]})]})]})}function _n({columns:e,shown:t}){let n=t.facts.filter(r=>e[r]).slice(0,4);return n.length===0?null:l("p",{class:"facts",children:n.map(r=>l("span",{children:[l(Y,{of:r,limit:60})," ",l("b",{children:l(Y,{of:e[r]??"",limit:60})})]},r))})}function As(e,t,n,r){let o=e&&n?nn(e,t,n):wn,[s,a]=_(wn);return R(()=>{let i=!0;return o===null&&e&&n&&rn(e,t,n).then(c=>i&&a(c),()=>i&&r("failed")),()=>{i=!1}},[o,e,t,n]),o??s}var wn="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";function Tt({dataset:e,row:t,columns:n,shown:r}){let[o,s]=_("plain"),a=As(n[r.media??""]?e:null,t,r.media,s);return!r.media||!e||!n[r.media]?null:o==="failed"?l("span",{class:"picture missing",title:`the picture ${n[r.media]} cannot be shown`,children:"?"}):l("img",{class:o==="tiny"?"picture tiny":"picture",src:a,alt:"",loading:"lazy",onLoad:i=>a!==wn&&i.currentTarget.naturalWidth<=32&&s("tiny"),onError:()=>s("failed")})}var Kr=null;function kn(e,t,n){let[r,o]=_("still"),s=ee(null);return R(()=>()=>s.current?.pause(),[]),{state:r,toggle:async()=>{if(r==="plays"){s.current?.pause();return}if(!(!e||!n))try{let i=nn(e,t,n)??await rn(e,t,n);Kr?.pause();let c=new Audio(i);s.current=c,Kr=c,c.onpause=()=>o("still"),c.onended=()=>o("still"),await c.play(),o("plays")}catch{o("failed")}}}}function Yr({dataset:e,row:t,columns:n,shown:r}){let{state:o,toggle:s}=kn(e,t,r.sound),a=n[r.sound??""];return!e||!a?null:o==="failed"?l("span",{class:"sound missing",role:"status",children:[a," cannot be played"]}):l("button",{type:"button",class:"sound","aria-label":`${o==="plays"?"Stop":"Play"} ${a}`,onClick:s,children:o==="plays"?"\u25A0":"\u25B6"})}function He({side:e,list:t,shown:n,other:r}){let o=n.media!==null&&n.text===null,s=new Map(r?.list.map((a,i)=>[a.id,i+1]));return l("div",{class:`neighbours side-${e.which}`,children:[l("h4",{children:l(Y,{of:e.name})}),l("ol",{class:o?"tiles":"lines",children:t.map((a,i)=>l(Ps,{neighbour:a,side:e,shown:n,shift:Ss(i+1,s.get(a.id),r?.name)},a.row))})]})}function Ss(e,t,n=""){if(t===void 0)return null;let r=t-e;return{text:r===0?"=":r>0?`\u2191${r}`:`\u2193${-r}`,told:`place ${e} here, ${t} in ${n}`}}function Ps({neighbour:e,side:t,shown:n,shift:r}){let o=e.shared?"shared":t.which,s=e.shared?"in both lists":`only in ${t.name}`,a=n.text?e.columns[n.text]:void 0,i=n.facts[0];return l("li",{class:`neighbour mark-${o}`,title:`${e.id}, distance ${on(e.distance)}, ${s}${r?`: ${r.told}`:""}`,children:[l(Rt,{kind:o}),l("span",{class:"hidden",children:[s,": "]}),l(Tt,{dataset:t.dataset,row:e.row,columns:e.columns,shown:n}),l(Yr,{dataset:t.dataset,row:e.row,columns:e.columns,shown:n}),l("span",{class:"name",children:a?l(it,{text:a,limit:110}):n.media&&i?l(Y,{of:e.columns[i]??"",limit:110}):l(Y,{of:e.id,limit:110})}),l("span",{class:"distance",children:[r&&l(I,{children:[l("span",{class:"shift","aria-hidden":"true",children:r.text}),l("span",{class:"hidden",children:[r.told,", distance "]})]})," ",on(e.distance)]})]})}var Jr=32,$s=1498694486,Nt=class{constructor(t){this.kind=t}kind;begun=new Map;take(t){if(t.byteLength<Jr)return null;let n=new DataView(t);if(n.getUint32(0,!0)!==$s||n.getUint8(4)!==1||n.getUint8(5)!==this.kind)return null;let r=n.getUint32(8,!0),o=n.getUint32(12,!0),s=n.getUint16(16,!0);s===0&&this.begun.set(r,{sequence:o,metaBytes:n.getUint32(20,!0),parts:[]});let a=this.begun.get(r);return a?.sequence!==o||a.parts.length!==s||(a.parts.push(new Uint8Array(t,Jr)),a.parts.length<n.getUint16(18,!0))?null:(this.begun.delete(r),{stream:r,metaBytes:a.metaBytes,body:Ms(a.parts)})}},An=class{chunks=new Nt(1);take(t){let n=this.chunks.take(t);return n&&Cs(n)}};function Zr({body:e,metaBytes:t}){return JSON.parse(new TextDecoder().decode(e.subarray(0,t)))}function Ms(e){let t=new Uint8Array(e.reduce((r,o)=>r+o.length,0)),n=0;for(let r of e)t.set(r,n),n+=r.length;return t}function Cs(e){let{stream:t,body:n,metaBytes:r}=e,o=Zr(e),s=o.columns.map(({shape:[a=0,i=0],offset:c,low:u,high:p})=>{let m=new Uint16Array(n.buffer,r+c,a*i),f=new Float32Array(a*i);for(let d=0;d<i;d++){let h=u[d]??0,y=((p[d]??0)-h)/65535;for(let g=d;g<f.length;g+=i)f[g]=h+(m[g]??0)*y}return f});return{stream:t,meta:o,places:s}}var Es=4,Ls=5e3,Rs=1e4,Ts=6e4,ct=class{constructor(t,n=Es,r=0){this.ways=t;this.tries=n;this.linger=r}ways;tries;linger;socket=null;opening=null;watchers=new Map;streams=new Map;answers=new Nt(2);asked=new Map;last=0;tried=0;silence=0;rest=0;get isOpen(){return this.socket?.readyState===WebSocket.OPEN}ask(t,n,r){return new Promise((o,s)=>{let a=++this.last,i=JSON.stringify({t:"ask",number:a,method:t,path:n,body:r});if(!this.isOpen||i.length>Ts){s(Pe);return}this.asked.set(a,{answer:o,lost:()=>s(Pe)}),this.socket?.send(i),this.expect()})}expect(){clearTimeout(this.silence),this.asked.size>0&&(this.silence=setTimeout(()=>this.close(),Rs))}hear(t){let n=this.answers.take(t);if(n){let{status:r,type:o}=Zr(n),s=r===204?null:n.body.subarray(n.metaBytes);this.asked.get(n.stream)?.answer(new Response(s,{status:r,headers:{"content-type":o}})),this.asked.delete(n.stream),this.idle()}}idle(){clearTimeout(this.rest);let t=()=>this.watchers.size===0&&this.asked.size===0&&this.close();this.linger>0?this.rest=setTimeout(t,this.linger):t()}watch(t,n){let r=this.watchers.get(t)??new Set;return this.watchers.set(t,r.add(n)),this.open().then(o=>o&&this.say("watch",t)),()=>{r.delete(n),r.size===0&&this.watchers.get(t)===r&&(this.watchers.delete(t),this.say("unwatch",t)),this.idle()}}open(){return this.opening??=this.dial(),this.opening}async dial(){for(let[t,n]of this.ways.entries()){let r=await n().catch(()=>null);if(r&&await this.connect(r))return!0;t===this.ways.length-1&&this.lose(!1)}return!1}connect({address:t,ticket:n,instance:r}){return new Promise(o=>{let s=new WebSocket(t,["vectory.v1",...n?[`ticket.${n}`]:[]]),a=new An,i=setTimeout(()=>s.close(),Ls);s.binaryType="arraybuffer",s.onmessage=({data:c})=>{if(typeof c!="string"){this.draw(a.take(c)),this.hear(c),this.expect();return}this.expect();let u=JSON.parse(c);if(u.t==="welcome"){if(clearTimeout(i),r&&u.instance!==r){s.close();return}this.socket=s,this.tried=0,this.linger>0&&this.idle(),o(!0);return}this.streams.set(u.number,u.stream);for(let p of[...this.watchers.get(u.stream)??[]])p.event?.(u)},s.onclose=()=>{clearTimeout(i),o(!1),this.socket===s&&this.lose(!0)}})}lose(t){this.socket=null,this.opening=null;for(let{lost:n}of this.asked.values())n();this.asked.clear(),this.expect(),!(!t&&this.tried===0)&&(this.tried>=this.tries?this.giveUp():this.watchers.size>0&&setTimeout(()=>this.again(),500*2**this.tried++*(.75+Math.random()/2)))}giveUp(){this.tried=0;let t={code:"unavailable",message:Pe.message,hint:Pe.hint},n={t:"error",number:0,instance:"",version:"",job:null,layout:null,error:t};for(let[r,o]of[...this.watchers])for(let s of[...o])s.event?.({...n,t:"error",stream:r,error:t})}async again(){if(this.watchers.size>0&&await this.open())for(let t of this.watchers.keys())this.say("watch",t)}draw(t){let n=t&&this.streams.get(t.stream);if(n){for(let r of[...this.watchers.get(n)??[]])r.frame?.(t);requestAnimationFrame(()=>this.say("ack",n))}}say(t,n){this.isOpen&&this.socket?.send(JSON.stringify({t,stream:n}))}close(){this.socket?.close(),this.lose(!0)}},Ns=async()=>{let e=new URL("api/v1/ws",document.baseURI);return e.protocol=e.protocol.replace("http","ws"),{address:e.href}},Xr=new ct([Ns]);function Ft(){return Xr}function Qr(e){Xr=e}async function eo(e,t){let n=r=>Promise.all(e.spaces.map(async(o,s)=>(await w.frame(r,s===0?"coords_a":"coords_b")).data));return no(e,t,await w.layout(e),n)}async function to(e,t,n){let r=await w.layout(e);if(!r.job&&r.layout?.id===t)return null;let o=await no(e,n,r,async u=>Fs(await w.frame(u,"coords")));if(!o)return null;let{columns:s,id:a,rows:i}=o.layout,c=s.includes("row_a")?(await w.frame(a,"row_a")).data:Int32Array.from({length:i},(u,p)=>p);return{...o,rows:c}}function Fs({data:e,shape:[t=0,n=0]}){return Array.from({length:n/2},(r,o)=>{let s=new Float32Array(2*t);for(let a=0;a<t;a++)s[2*a]=e[a*n+2*o]??0,s[2*a+1]=e[a*n+2*o+1]??0;return s})}async function no(e,t,n,r){let o=n;for(;o.job&&t.wanted();){let s=o.layout?.id??"",i=await Ft().open()?await Bs(s,o.job,t):await Us(s,o.job,t,r);if(i.state==="failed"||i.state==="canceled")throw Z.of(i.error??{code:"canceled",message:"the layout was canceled",hint:""});i.state==="done"&&(o=await w.layout(e))}return o.layout&&t.wanted()?{layout:o.layout,places:await r(o.layout.id)}:null}function ro(e){return e.state==="queued"?"waits for other maps":e.stage}var Os=2e4;async function Ot(e,t,n){return t>Os&&e.method!=="pca"&&!await Is(e)&&await eo({...e,method:"pca"},n).then(r=>r&&n.frame(r.places,r.layout.id),()=>{}),n.wanted()?eo(e,n):null}async function Is({spaces:e,method:t,dims:n=2}){let r=o=>o.state==="done"&&o.method===t&&o.dims===n&&o.spaces.join(`
`)===e.join(`
`);return(await w.layouts().catch(()=>[])).some(r)}function Bs(e,t,n){return new Promise((r,o)=>{let s=[Ft().watch(`layout:${e}`,{frame:({places:a})=>n.wanted()&&n.frame(a,e)}),Ft().watch(`job:${t.id}`,{event:({job:a,error:i})=>{a&&n.progress(a.progress,ro(a),a.id);let c=i?.code==="unavailable";if(i||a?.ended_at||!n.wanted()){for(let u of s)u();i&&!c?o(Z.of(i)):r(a??t)}}})]})}async function Us(e,t,n,r){let o=await w.layoutNow(e).catch(()=>null),s=o&&o.of>0?await r(o.id).catch(()=>null):null;s&&n.wanted()&&n.frame(s,e);let a=await w.job(t.id,1);return n.progress(a.progress,ro(a),a.id),a}function we(e,t=2){let n=new Float64Array(t).fill(Number.POSITIVE_INFINITY),r=new Float64Array(t).fill(Number.NEGATIVE_INFINITY);for(let s of e)for(let a=0;a<t;a++){let[i,c]=[n[a]??0,r[a]??0];for(let u=a;u<s.length;u+=t){let p=s[u]??0;i=Math.min(p,i),c=Math.max(p,c)}n[a]=i,r[a]=c}let o=n.reduce((s,a,i)=>Math.max(s,(r[i]??0)-a),1e-9)/.94;return e.map(s=>{let a=new Float32Array(s.length);for(let i=0;i<t;i++){let c=.5-((n[i]??0)+(r[i]??0))/2/o;for(let u=i;u<s.length;u+=t)a[u]=(s[u]??0)/o+c}return a})}var oo=50;function It({table:e,of:t,open:n}){let[r,o]=_(!1);return l("div",{class:"listing",children:[l("button",{type:"button",class:"link","aria-expanded":r,onClick:()=>o(!r),children:r?"Close the table":"The items as a table"}),r&&l(js,{table:e,of:t,open:n})]})}function js({table:e,of:t,open:n}){let[r,o]=_(oo),{value:s,error:a}=j(e,[t]);if(a)return l(K,{error:a});if(!s)return l(re,{what:"the items"});let i=c=>typeof c=="number"&&!Number.isInteger(c)?c.toFixed(3):c;return l(I,{children:[l("div",{class:"scroll",children:l("table",{children:[l("thead",{children:l("tr",{children:[s.columns.map(({name:c})=>l("th",{scope:"col",children:l(Y,{of:c,limit:40})},c)),l("th",{scope:"col",children:l("span",{class:"hidden",children:"What can be done"})})]})}),l("tbody",{children:Array.from({length:Math.min(r,s.rows)},(c,u)=>l("tr",{children:[s.columns.map(p=>l("td",{children:l(Y,{of:String(i(p.value(u))),limit:80})},p.name)),l("td",{children:l("button",{type:"button",class:"link","aria-label":`Open item ${u+1} of the table`,onClick:()=>n(u),children:"Open"})})]},u))})]})}),s.rows>r&&l("button",{type:"button",onClick:()=>o(r+4*oo),children:["Show more of ",D(s.rows,"item")," ",l("span",{class:"hidden",children:["(",X(r)," are shown)"]})]})]})}var zs=1800,Bt=300;function so({a:e,b:t,moved:n,band:r,selection:o}){let[s,a]=_(0),i=ee(0),c=()=>cancelAnimationFrame(i.current);R(()=>c,[]);let u=U(()=>Ds(n,r,o),[n,r,o]),p=U(()=>s>0&&e&&t?Sn(e,t,s):e,[e,t,s]),m=U(()=>s>0&&!ut()?{ids:u,from:e}:{ids:[],from:null},[s>0,u,e]);return{t:s,set:h=>{c(),a(h)},play:()=>{let[h,y]=s<.5?[s,1]:[s,0];if(c(),ut()){a(y);return}let g=performance.now(),x=v=>{let b=Math.min(1,Math.max(0,v-g)/zs);a(h+(y-h)*b*b*(3-2*b)),b<1&&(i.current=requestAnimationFrame(x))};i.current=requestAnimationFrame(x)},places:p,trails:m,movers:u.length}}function ut(){return matchMedia("(prefers-reduced-motion: reduce)").matches}function Sn(e,t,n){let r=new Float32Array(e.length);for(let o=0;o<e.length;o++){let s=e[o]??0;r[o]=s+((t[o]??s)-s)*n}return r}function Ds(e,t,n){if(!e)return[];let r=c=>e[c]??0,o=c=>c.sort((u,p)=>r(p)-r(u)||u-p).slice(0,Bt),s=[],a=t,i=n.length||e.length;for(let c=0;c<i;c++){let u=n[c]??c;r(u)>a&&s.push(u),s.length>=8*Bt&&(s=o(s),a=r(s.at(-1)??0))}return o(s)}function ao({a:e,b:t,morph:n}){return l("div",{class:"morph",children:[l("button",{type:"button",onClick:n.play,children:n.t<.5?`Morph ${e} into ${t}`:`Morph back to ${e}`}),l("input",{type:"range",min:"0",max:"100",value:Math.round(100*n.t),"aria-label":`The first map, from ${e} to ${t}`,"aria-valuetext":`${Math.round(100*n.t)} % of the way to ${t}`,onInput:r=>n.set(Number(r.currentTarget.value)/100)}),l("span",{class:"muted",children:n.movers===0?"no item moved farther than means something":`${n.t>0&&!ut()?"trails of ":""}${n.movers===Bt?`the ${Bt} farthest movers`:D(n.movers,"mover")}`})]})}function io(e,t=Number.POSITIVE_INFINITY){let n=[];for(let r=0;r<e.length&&n.length<=t;r++){let o=e[r]??0;for(;r+1<e.length&&e[r+1]===(e[r]??0)+1;)r++;n.push(e[r]===o?`${o}`:`${o}-${e[r]}`)}return n.join(",")}var Hs=5e6;function Pn(e){let t=[];for(let n of e.split(",")){let[,r,o]=/^(\d{1,9})(?:-(\d{1,9}))?$/.exec(n)??[];if(r===void 0||t.length+Number(o??r)-Number(r)>Hs)return;for(let s=Number(r);s<=Number(o??r);s++)t.push(s)}return t}var Gs=[];function Ge(e){let t="space"in e?e.among:void 0,n=t?.join(`
`)??("space"in e?e.space:e.comparison),r=async()=>t?(await w.selections()).filter(({space:i})=>t.includes(i)):w.selections(e),{value:o,error:s,again:a}=j(r,[n]);return{list:o??Gs,known:o!==null,again:a,error:$e()?s:null}}function Ke(e){return e.length>0?[{value:"=saved",text:"saved selections"}]:[]}function Ut(e,t){let n=new Map,r=e.map((s,a)=>a).sort((s,a)=>(e[a]?.count??0)-(e[s]?.count??0));for(let s of r)for(let a of Pn(e[s]?.rows??"")??[])n.set(a,s);return{values:[...e.map(({name:s})=>s),"in none of them"],codes:Uint32Array.from(t,s=>n.get(s)??e.length)}}function qe({link:e,of:t,saved:{list:n,known:r,again:o},rows:s,select:a}){let[i,c]=G(e,"saved",""),u=n.find(({name:f})=>f===i);R(()=>{u&&s.length===0&&p(u)},[u?.id]);let p=f=>{a(Pn(f.rows)??[]),$e()&&c(f.name)};if(!$e()&&n.length===0)return null;let m="space"in t?{space:t.space}:t;return l("div",{class:"saved",children:[s.length>0&&$e()&&l(lo,{label:`Save ${s.length===1?"it":"them"} as`,act:"Save",send:({name:f,note:d})=>w.saveSelection({...m,name:f,note:d,rows:io(s)}),done:({name:f})=>{o(),c(f)}},n.length),i!==""&&r&&!u&&l("p",{role:"status",children:["No selection called \u201C",i,"\u201D is kept here."]}),n.length>0&&l(I,{children:[l("h3",{children:"Saved selections"}),l("ul",{children:n.map(f=>l(Ks,{one:f,from:"space"in t&&t.among?f.space:"",shown:f===u,show:()=>p(f),again:o},f.id))})]})]})}function Ks({one:e,from:t,shown:n,show:r,again:o}){let[s,a]=_(null),[i,c]=_(null),u=()=>w.removeSelection(e.id).then(o,p=>c(V(p)));return l("li",{children:[l("button",{type:"button",class:"link","aria-pressed":n,onClick:r,children:e.name})," ",l("span",{class:"muted",children:[X(e.count),t&&`, of ${t}`]}),e.note&&l("p",{class:"note",children:l(it,{text:e.note,limit:300})}),$e()&&s===null&&l("span",{class:"acts",children:[l("button",{type:"button",class:"link","aria-label":`Change ${e.name}`,onClick:()=>a("edit"),children:"Change"})," ",l("button",{type:"button",class:"link","aria-label":`Delete ${e.name}`,onClick:()=>a("delete"),children:"Delete"})]}),s==="delete"&&l("span",{role:"alertdialog","aria-label":`Delete ${e.name}?`,children:["Its name and note go for good; the items stay."," ",l("button",{type:"button",class:"danger",onClick:u,children:"Delete"})," ",l("button",{type:"button",onClick:()=>a(null),children:"Keep"})]}),s==="edit"&&l(lo,{label:"Name",act:"Change",start:e,send:({name:p,note:m})=>w.changeSelection(e.id,{name:p,note:m}),done:()=>{a(null),o()},cancel:()=>a(null)}),i&&l(K,{error:i})]})}function lo({label:e,act:t,start:n,send:r,done:o,cancel:s}){let[a,i]=_(n?.name??""),[c,u]=_(n?.note??""),[p,m]=_(null);return l("form",{class:"words",onSubmit:f=>{f.preventDefault(),m(null),r({name:a.trim(),note:c.trim()}).then(o,d=>m(V(d)))},children:[l("label",{children:[e," ",l("input",{value:a,required:!0,maxLength:200,onInput:f=>i(f.currentTarget.value)})]})," ",l("label",{children:["with a note ",l("textarea",{rows:1,value:c,onInput:f=>u(f.currentTarget.value)})]})," ",l("button",{type:"submit",children:t})," ",s&&l("button",{type:"button",onClick:s,children:"Cancel"}),p&&l(K,{error:p})]})}function Ve({pointed:e,dataset:t,rows:n,painted:r,colour:o}){let s=e.id<0?-1:n?.[e.id]??-1,a=Vs(t,s);if(!a||!t)return{tip:null,line:s<0?"":`row ${s}`};let i=o&&r?.tell?`${o}: ${r.tell(e.id)}`:"",c=l(Ys,{item:a,dataset:t,value:i},s),{facts:u,text:p}=ve([a.columns],[a.id]),m=[...p?[p]:[],...u.slice(0,3)].map(d=>a.columns[d]),f=[a.id,...m,i].filter(Boolean).map(d=>N(String(d),80).text);return{tip:{...e,card:c},line:f.join(", ")}}var qs=40;function Vs(e,t){let[n,r]=_(null);return R(()=>{if(t<0||e===null)return;let o=!0,a=setTimeout(()=>w.row(e,t).then(({columns:i,rows:[c=[]],ids:[u=String(t)]})=>{let p=Object.fromEntries(i.map((m,f)=>[m,c[f]??""]));return o&&r({row:t,id:u,columns:p})},()=>{}),qs);return()=>{o=!1,clearTimeout(a)}},[e,t]),n?.row===t?n:null}function Ys({item:e,dataset:t,value:n}){let{row:r,id:o,columns:s}=e,a=ve([s],[o]),i=kn(t,r,a.sound);return R(()=>{if(!a.sound)return;let c=u=>{let p=u.composedPath()[0];u.key.toLowerCase()==="p"&&!p.matches?.("input, textarea, select")&&(u.preventDefault(),u.stopPropagation(),i.toggle())};return addEventListener("keydown",c,!0),()=>removeEventListener("keydown",c,!0)},[a.sound,i.toggle]),l(I,{children:[l(Tt,{dataset:t,row:r,columns:s,shown:a}),l("div",{children:[l("b",{children:l(Y,{of:o,limit:60})}),a.text&&l("p",{class:"text",children:N(s[a.text]??"",160).text}),l(_n,{columns:s,shown:a}),n&&l("p",{children:n}),a.sound&&l("p",{class:"muted",children:i.state==="failed"?`${s[a.sound]} cannot be played`:l(I,{children:[l("kbd",{children:"P"})," ",i.state==="plays"?"stops":"plays"," ",s[a.sound]]})})]})]})}var Js={around:.5,above:.35};function Zs(e,{around:t,above:n}){let r=new Float32Array(e.length/3*2),[o,s,a,i]=[Math.sin(t),Math.cos(t),Math.sin(n),Math.cos(n)],c=1/Math.sqrt(2);for(let u=0,p=0;u<e.length;u+=3,p+=2){let m=(e[u]??0)-.5,f=(e[u+1]??0)-.5,d=(e[u+2]??0)-.5;r[p]=.5+c*(m*s+d*o),r[p+1]=.5+c*(f*i+(m*o-d*s)*a)}return r}function jt(e,t){let[n,r]=_(Js);return{flat:U(()=>e.map(s=>s&&t===3?Zs(s,n):s),[...e,t,n]),turn:(s,a)=>r(i=>({around:i.around+s,above:Math.max(-Math.PI/2,Math.min(Math.PI/2,i.above+a))}))}}var co={"joint-umap":"together (joint UMAP)",umap:"each by itself (UMAP)",tsne:"each by itself (t-SNE)",pacmap:"each by itself (PaCMAP)",pca:"principal components"};function fo({c:e,link:t=null,kept:n=null,begun:r}){let{method:o,choice:s}=$t(t,co,{kept:n?.methods,rows:e.rows}),a=Fe(t,{colour:n?.colour??"",k:e.k,most:e.k,deep:!n}),{colour:i,only:c,k:u,dims:p,camera:m}=a,{map:f,rows:d,layout:h,progress:y,error:g}=sa({c:e,method:o,dims:p,kept:n!==null}),x=!!(f||y||g);R(()=>x&&r?gn(r):void 0,[x]);let{chosen:v,selection:b,...k}=Ee(t,d?.a??null),M=j(()=>Promise.all([w.space(e.a),w.space(e.b)]),[e.a,e.b]),C=M.value?.[0].dataset??null,S=j(async()=>C?(await w.dataset(C)).columns:[],[C]),A=h?.null_band??0,F={comparison:e.key},z=Ge(F),{painted:T,paint:E}=oa({c:e,rows:d,dataset:C,colour:i,only:c,selection:b,band:A,saved:z.list}),{item:L,opened:te}=na(e,d,v),O=U(()=>Tr(L,d,v,u),[L,d,v,u]),{pointed:_e,marks:le,hover:ce,walk:q}=We(O.a,k.hover),{flat:ke,turn:Ae}=jt([f?.a??null,f?.b??null],f?.dims??2),[ue=null,pe=null]=ke,ne=so({a:ue,b:pe,moved:d?.moved??null,band:A,selection:b}),se=[...Xs,...Ke(z.list),...Ne(S.value)],Je=i.startsWith("=")?se.find(({value:Se})=>Se===i)?.text??"":"",{tip:Ht,line:Gt}=Ve({pointed:_e,dataset:C,rows:d?.a??null,painted:T,colour:Je}),Ze={tip:Ht,tools:a,walk:q,turn:p===3?Ae:void 0,chosen:v,hover:ce,marks:le,choose:k.choose,lasso:k.select,colours:T?.colours??null},he=()=>ea({c:e,rows:d,map:ue&&pe&&{a:ue,b:pe},dataset:C,selection:b}),ge=()=>({file:`${e.a} ${e.b}`,title:`${e.a} \u2194 ${e.b}: ${co[o]}, Jaccard ${ae(e.jaccard.mean)} at k = ${e.k}`,panels:[{side:"a",name:ne.t>0?`${e.a}, ${Math.round(100*ne.t)} % of the way to ${e.b}`:e.a},{side:"b",name:e.b}],painted:T,colour:se.find(({value:Se})=>Se===i)?.text??"",shapes:L?[{shape:"circle",text:`of ${N(L.id,80).text} in both`},{shape:"triangle",text:`only in ${e.a}`},{shape:"square",text:`only in ${e.b}`}]:[]});return l("div",{class:"maps",children:[l(Oe,{tools:a,colours:se,dataset:C,says:k,children:s}),l("div",{class:"pair-of-plots",children:[l(xe,{name:e.a,side:"a",places:ne.places,trails:ne.trails,...Ze}),l(xe,{name:e.b,side:"b",places:pe,...Ze})]}),h&&d&&l(ao,{a:e.a,b:e.b,morph:ne}),l("p",{id:"map-help",class:"muted help",children:"Click an item: its neighbours in both spaces. Drag to move, wheel to zoom (click a map first), Shift and drag for a lasso; keys: arrows, + \u2212 0, L for the lasso, B for the other map, ? for all of them, Esc."}),g&&l(K,{error:g}),l(Le,{of:[te,M,S,E,z]}),y&&l(Be,{...y}),T&&l(Ue,{painted:T,only:c,setOnly:a.setOnly}),l("p",{class:"status","aria-live":"polite",children:Qs({rows:d,chosen:v,line:Gt,selection:b,item:L,k:u})}),h&&l(Mt,{layout:h}),l(Ie,{count:b.length,clear:()=>k.select([])}),d&&l(qe,{link:t,of:F,saved:z,rows:k.rows,select:k.selectRows}),h&&d&&l(ze,{figure:ge,table:he,rows:b.length||d.a.length}),d&&l(It,{table:he,of:`${h?.id} ${b.length} ${b[0]} ${b.at(-1)}`,open:Se=>k.choose(b.length>0?b[Se]??-1:Se)}),h&&l(De,{link:t,figure:ge,looked:[ue,ne.t,T,O,m]}),L&&M.value&&l("div",{class:"chosen",children:[l(qr,{c:e}),l(Vr,{item:Ct(L,u),a:uo(e.a,"a",M.value[0].dataset),b:uo(e.b,"b",M.value[1].dataset),k:u})]}),!f&&!y&&!g&&l(re,{what:"the maps"})]})}function uo(e,t,n){return{name:e,which:t,dataset:n}}var Xs=[{value:"=jaccard",text:"agreement (Jaccard)"},{value:"=moved",text:"how far it moved"},{value:"=gained",text:"neighbour of more or fewer items in B"},{value:"=trust",text:"how far the maps can be trusted there"}];function Qs({rows:e,chosen:t,line:n,selection:r,item:o,k:s}){if(!e)return"";if(o&&t>=0){let a=Ct(o,s);return`${N(o.id,80).text}: ${a.shared} of ${s} neighbours shared, Jaccard ${ae(a.jaccard)}`}return n||(r.length>0?"":`${D(e.a.length,"item")} on both maps`)}async function ea({c:e,rows:t,map:n,dataset:r,selection:o}){let s=o.length>0?o:Array.from(t.a,(m,f)=>f),a=(m,f,d=1,h=0)=>m?.[d*(s[f]??0)+h]??"",i=await ho(e),c=m=>{let f=i[m]??Number.NaN;return Number.isNaN(f)?"":f};return{columns:[...await Lt(r,Int32Array.from(s,m=>t.a[m]??-1)),{name:"row_a",value:m=>a(t.a,m)},{name:"row_b",value:m=>a(t.b,m)},{name:"jaccard",value:m=>c(t.a[s[m]??0]??-1)},{name:"moved",value:m=>a(t.moved,m)},{name:"x_a",value:m=>a(n?.a,m,2)},{name:"y_a",value:m=>a(n?.a,m,2,1)},{name:"x_b",value:m=>a(n?.b,m,2)},{name:"y_b",value:m=>a(n?.b,m,2,1)}],rows:s.length}}function ho(e){return go(e,["jaccard"],([t],n)=>t?.[n]??Number.NaN)}function ta(e){return go(e,["occurrences_a","occurrences_b"],([t,n],r)=>(n?.[r]??0)-(t?.[r]??0))}async function go(e,t,n){let[r,...o]=await Promise.all(["row_a",...t].map(c=>w.values(e.key,c)));if(!r)return new Float32Array(0);let s=o.map(c=>c.data),a=-1;for(let c=0;c<r.data.length;c++)a=Math.max(a,r.data[c]??-1);let i=new Float32Array(a+1).fill(Number.NaN);for(let c=0;c<r.data.length;c++)i[r.data[c]??0]=n(s,c);return i}function na(e,t,n){let r=n>=0?t?.a[n]??-1:-1,o=j(async()=>r<0?null:{row:r,item:await w.item(e.key,r).catch(ra)},[e.key,r]);return{item:o.value?.row===r?o.value.item??null:null,opened:o}}function ra(e){if(V(e).code==="unavailable")throw e}function oa({c:e,rows:t,dataset:n,colour:r,only:o,selection:s,band:a,saved:i}){let c=j(async()=>{if(r==="=jaccard")return{colour:r,numbers:await ho(e)};if(r==="=gained")return{colour:r,numbers:await ta(e)};let m=r!==""&&!r.startsWith("=")&&n;return{colour:r,column:m?await w.column(n,r):null}},[e.key,n,r]),u=c.value;return{painted:U(()=>{if(!t)return null;let m=u?.colour===r?u:null,f=wt(t.a.length);if(r==="=moved"&&t.moved.length>0)f=rr(t.moved,a);else if(r==="=trust"&&t.trust)f=rt(t.trust);else if(r==="=saved"){let{codes:d,values:h}=Ut(i,t.a);f=nt(d,h,new Set(o))}else if(m?.numbers){let d=new Float32Array(t.a.length);for(let h=0;h<d.length;h++)d[h]=m.numbers[t.a[h]??-1]??Number.NaN;f=r==="=gained"?or(d):rt(d)}else m?.column&&(f=vt(m.column,t.a,new Set(o)));return ot(f,s)},[t,u,r,o,s,a,i]),paint:c}}function sa({c:e,method:t,dims:n,kept:r}){let o={map:null,rows:null,layout:null,progress:null,error:null},[s,a]=_(o);return Q(()=>{let i=!0,c=u=>i&&a(p=>({...p,...u}));return a(o),aa({c:e,method:t,dims:n,kept:r},()=>i,c).catch(u=>c({error:V(u),progress:null})),()=>{i=!1}},[e.key,t,n]),s}async function aa({c:e,method:t,dims:n,kept:r},o,s){let a={spaces:[e.a,e.b],method:t,...n===2?{}:{dims:n},...e.metric_a===e.metric_b?{metric:e.metric_a}:{}},[i,c]=["",!1],u=await Ot(a,r?0:e.rows,{wanted:o,progress:(g,x,v)=>s({progress:{share:g,stage:x,job:v}}),frame:(g,x)=>{s({map:mo(g,n)}),i===""&&(i=x,po(x).then(([v,b])=>c||s({rows:{a:v,b,moved:new Float32Array(0),trust:null}}),()=>{}))}});if(c=!0,!u)return;let{layout:p,places:m}=u;s({map:mo(m,n)});let[[f,d],h]=await Promise.all([po(p.id),w.frame(p.id,"displacement")]),y=await ia(p);s({rows:{a:f,b:d,moved:h.data,trust:y},layout:p,progress:null})}async function po(e){let[t,n]=await Promise.all(["row_a","row_b"].map(r=>w.frame(e,r)));return[t?.data,n?.data]}async function ia(e){let[t,n]=await Promise.all(["local_trust_a","local_trust_b"].map(o=>w.frame(e.id,o))),r=(t?.data??new Float32Array(0)).slice();for(let o=0;o<r.length;o++)r[o]=Math.min(r[o]??0,n?.data[o]??1);return r}function mo(e,t){let[n,r]=we(e,t);return n&&r?{a:n,b:r,dims:t}:null}var bo={umap:"UMAP",tsne:"t-SNE",pacmap:"PaCMAP",pca:"principal components"},$n=50;function xo({space:e,link:t=null,kept:n=null}){let r=j(()=>w.space(e),[e]),{method:o,choice:s}=$t(t,bo,{kept:n?.methods,rows:r.value?.rows??0}),a=Fe(t,{colour:n?.colour??"",k:10,most:$n,deep:!n}),{colour:i,only:c,k:u,dims:p,camera:m}=a,{laid:f,layout:d,progress:h,error:y}=ua(e,n?1:r.value?.rows??0,o,p),{flat:g,turn:x}=jt([f?.places??null],f?.dims??2),v=g[0]??null,b=r.value?.dataset??null,k=j(async()=>b?(await w.dataset(b)).columns:[],[b]),M=v?v.length/2:0,C=U(()=>Int32Array.from({length:M},(se,Je)=>Je),[M]),{chosen:S,selection:A,...F}=Ee(t,M>0?C:null),z={space:e},T=Ge(z),{painted:E,paint:L}=En({dataset:b,colour:i,rows:C,only:c,selection:A,saved:T.list}),te=j(async()=>S<0?null:await Cn(e,b,S,u),[e,b,S,u]),O=te.value&&te.value.row===S?te.value:null,_e=U(()=>Et(O?.list??[],S),[O,S]),{pointed:le,marks:ce,hover:q,walk:ke}=We(_e,F.hover),Ae=i==="=saved"?"saved selections":"",{tip:ue,line:pe}=Ve({pointed:le,dataset:b,rows:C,painted:E,colour:Ae}),ne=()=>({file:e,title:`${e}: ${bo[o]}`,panels:[{side:"a",name:O?`${D(O.list.length,"neighbour")} of ${N(O.id,80).text}`:""}],painted:E,colour:Ae||i,shapes:O?[{shape:"circle",text:`neighbours of ${N(O.id,80).text}`}]:[]});return l("div",{class:"maps",children:[l(Oe,{tools:a,colours:[...Ke(T.list),...Ne(k.value)],dataset:b,says:F,children:s}),l("div",{class:"one",children:[l(xe,{name:e,side:"a",places:v,colours:E.colours,tip:ue,tools:a,walk:ke,turn:p===3?x:void 0,chosen:S,hover:q,marks:ce,choose:F.choose,lasso:F.select}),l("div",{class:"beside",children:[l(Ue,{painted:E,only:c,setOnly:a.setOnly}),l("p",{class:"status","aria-live":"polite",children:O?`${N(O.id,80).text}: ${D(O.list.length,"neighbour")}`:pe||M>0&&D(M,"item")}),l(Le,{of:[te,k,L,T]}),O&&l("div",{class:"chosen",children:l(He,{side:{name:`Neighbours of ${O.id}`,which:"a",dataset:b},list:O.list,shown:Mn(O.list)})})]})]}),l("p",{id:"map-help",class:"muted help",children:"Click an item: its neighbours. Drag to move, wheel to zoom (click the map first), Shift and drag for a lasso; keys: arrows, + \u2212 0, L for the lasso, ? for all of them, Esc."}),(y??r.error)&&l(K,{error:y??r.error}),h&&l(Be,{...h}),d&&l(Mt,{layout:d}),l(Ie,{count:A.length,clear:()=>F.select([])}),M>0&&l(qe,{link:t,of:z,saved:T,rows:F.rows,select:F.selectRows}),d?.state==="done"&&l(ze,{figure:ne,table:()=>zt(b,C,A,v),rows:A.length||M}),d?.state==="done"&&l(De,{link:t,figure:ne,looked:[v,E,_e,m]}),d?.state==="done"&&l(It,{table:()=>zt(b,C,A,v),of:`${d.id} ${A.length} ${A[0]} ${A.at(-1)}`,open:se=>F.choose(A.length>0?A[se]??-1:se)}),!v&&!h&&!y&&l(re,{what:"the map"})]})}function Mn(e){return ve(e.map(t=>t.columns),e.map(t=>t.id))}async function Cn(e,t,n,r){let o=await w.neighbours(e,n,r);return{row:n,id:o.id??String(n),list:await la(t,o.neighbours)}}function la(e,t){return Promise.all(t.map(async n=>{let r=e?await w.row(e,n.row):null,o=Object.fromEntries((r?.columns??[]).map((s,a)=>[s,r?.rows[0]?.[a]??""]));return{...n,shared:!0,columns:o}}))}async function zt(e,t,n,r){let o=n.length>0?Int32Array.from(n):t;return{columns:[...await Lt(e,o),{name:"row",value:a=>o[a]??""},{name:"x",value:a=>r?.[2*(o[a]??0)]??""},{name:"y",value:a=>r?.[2*(o[a]??0)+1]??""}],rows:o.length}}var ca=[];function En({dataset:e,colour:t,rows:n,only:r,selection:o,saved:s=ca}){let a=j(async()=>e&&t&&!t.startsWith("=")?await w.column(e,t):null,[e,t]),i=a.value;return{painted:U(()=>{if(t==="=saved"){let{codes:p,values:m}=Ut(s,n);return ot(nt(p,m,new Set(r)),o)}let u=i&&i.column===t;return ot(u?vt(i,n,new Set(r)):wt(n.length),o)},[i,t,n,r,o,s]),paint:a}}function ua(e,t,n,r){let o={laid:null,layout:null,progress:null,error:null},[s,a]=_(o);return Q(()=>{let i=!0,c=u=>i&&a(p=>({...p,...u}));if(a(o),t!==0)return Ot({spaces:[e],method:n,...r===2?{}:{dims:r}},t,{wanted:()=>i,progress:(u,p,m)=>c({progress:{share:u,stage:p,job:m}}),frame:u=>c({laid:yo(u,r)})}).then(u=>u&&c({laid:yo(u.places,r),layout:u.layout,progress:null}),u=>c({error:V(u),progress:null})),()=>{i=!1}},[e,t,n,r]),s}function yo(e,t){let[n]=we(e,t);return n?{places:n,dims:t}:null}var Dt=null,pa=900;function vo({experiment:e,within:t="",link:n=null}){let r=Fe(n,{k:10,most:$n,deep:!1}),{colour:o,only:s,k:a,camera:i}=r,[c,u]=G(n,"step",Dt),[p]=G(n,"reference",""),{frames:m,rows:f,layout:d,progress:h,error:y}=xa(e,t),g=d?.steps??[],x=m.length-1,v=c===Dt?-1:g.indexOf(c),b=v<0?x:Math.min(v,x),k=ge=>u(ge>=x?Dt:g[ge]??Dt),M=ha(b,x,k),C=fa(m,b),S=d?.spaces[b]??"",A=j(async()=>S?(await w.space(S)).dataset:null,[S]).value,F=j(async()=>A?(await w.dataset(A)).columns:[],[A]),{chosen:z,selection:T,...E}=Ee(n,f),L={space:S,among:d?.spaces??ma},te=Ge(L),{painted:O,paint:_e}=En({dataset:A,colour:o,rows:f??da,only:s,selection:T,saved:te.list}),le=z<0?-1:f?.[z]??-1,ce=j(async()=>le<0||!S?null:{space:S,...await Cn(S,A,le,a)},[S,A,le,a]),q=ce.value?.row===le&&ce.value.space===S?ce.value:null,ke=U(()=>Et(q?.list??[],z),[q,z]),{pointed:Ae,marks:ue,hover:pe,walk:ne}=We(ke,E.hover),se=o==="=saved"?"saved selections":"",{tip:Je,line:Ht}=Ve({pointed:Ae,dataset:A,rows:f,painted:O,colour:se}),Gt=ga(d,p,10),Ze=()=>({file:`${e} step ${g[b]??b}`,title:`${e}, step ${g[b]??b}`,panels:[{side:"a",name:q?`${D(q.list.length,"neighbour")} of ${N(q.id,80).text}`:""}],painted:O,colour:se||o,shapes:q?[{shape:"circle",text:`neighbours of ${N(q.id,80).text}`}]:[]}),he=m.length>0&&d;return l("div",{class:"maps",children:[l(Oe,{tools:r,colours:[...Ke(te.list),...Ne(F.value)],dataset:A,says:E}),he&&l("div",{class:"scrub",children:[l("button",{type:"button",onClick:M.toggle,disabled:x<1,children:M.on?"Stop":"Play"}),l("input",{type:"range",min:"0",max:Math.max(x,0),step:"1",value:b,disabled:x<1,"aria-label":`Steps of ${e}`,"aria-valuetext":`step ${g[b]??b}`,onInput:ge=>{M.stop(),k(Number(ge.currentTarget.value))}}),l("output",{children:["step ",X(g[b]??b),b===x&&", the newest"]})]}),he&&x>0&&l(ba,{steps:g,lines:Gt,at:b,goTo:k}),l("div",{class:"one",children:[l(xe,{name:S,side:"a",places:C,colours:O.colours,tip:Je,tools:r,walk:ne,chosen:z,hover:pe,marks:ue,choose:E.choose,lasso:E.select}),l("div",{class:"beside",children:[l(Ue,{painted:O,only:s,setOnly:r.setOnly}),l("p",{class:"status","aria-live":"polite",children:q?`${N(q.id,80).text} at step ${g[b]??b}: ${D(q.list.length,"neighbour")}`:Ht||f&&`${D(f.length,"item")}, ${D(m.length,"step")}`}),l(Le,{of:[ce,F,_e,te]}),q&&l("div",{class:"chosen",children:l(He,{side:{name:`Neighbours of ${q.id}`,which:"a",dataset:A},list:q.list,shown:Mn(q.list)})})]})]}),l("p",{id:"map-help",class:"muted help",children:"Every step begins where the one before it ended and is held to it where neighbours stayed: what moves really changed. Click an item: its neighbours at this step. Drag to move, wheel to zoom (click the map first), Shift and drag for a lasso; keys: arrows, + \u2212 0, L for the lasso, ? for all of them, Esc."}),y&&l(K,{error:y}),h&&l(Be,{...h}),l(Ie,{count:T.length,clear:()=>E.select([])}),he&&f&&l(qe,{link:n,of:L,saved:te,rows:E.rows,select:E.selectRows}),d?.state==="done"&&f&&l(I,{children:[l(ze,{figure:Ze,table:()=>zt(A,f,T,C),rows:T.length||f.length}),l(De,{link:n,figure:Ze,looked:[C,O,ke,i]})]}),!he&&!h&&!y&&l(re,{what:"the map"})]})}var da=new Int32Array,ma=[];function fa(e,t){let[n,r]=_(t),o=ee(t);return R(()=>{let s=o.current;if(ut()||s<0||Math.abs(t-s)<1e-6){o.current=t,r(t);return}let a=performance.now(),i=u=>{let p=Math.min(1,Math.max(0,u-a)/500);o.current=p<1?s+(t-s)*p*p*(3-2*p):t,r(o.current),p<1&&(c=requestAnimationFrame(i))},c=requestAnimationFrame(i);return()=>cancelAnimationFrame(c)},[t]),U(()=>{let s=e[Math.floor(n)]??e.at(-1)??null,a=e[Math.ceil(n)];return s&&a&&n%1>0?Sn(s,a,n%1):s},[e,n])}function ha(e,t,n){let[r,o]=_(!1);return R(()=>{if(!r)return;let a=setTimeout(()=>e<t?n(e+1):o(!1),pa);return()=>clearTimeout(a)},[r,e,t]),{on:r,toggle:()=>{!r&&e>=t&&n(0),o(!r)},stop:()=>o(!1)}}function ga(e,t,n){let[r,o]=_({}),s=e?.spaces??[];R(()=>{let i=!0;return(async()=>{for(let u of t?s:[])if(i&&r[`${t}
${u}`]===void 0){let{jaccard:p}=await sr(t,u,n);o(m=>({...m,[`${t}
${u}`]:p.mean}))}})().catch(()=>{}),()=>{i=!1}},[t,s.join(`
`)]);let a=[{name:"the step before",values:[null,...(e?.moves??[]).map(i=>i.jaccard)]}];return t&&a.push({name:t,values:s.map(i=>r[`${t}
${i}`]??null)}),a}var Ye=600,Wt=90;function ba({steps:e,lines:t,at:n,goTo:r}){let o=i=>8+i*(Ye-16)/Math.max(1,e.length-1),s=i=>Wt-6-i*(Wt-12),a=t.map(({name:i,values:c})=>{let u=c[n];return u==null?"":`${ae(u)} with ${i}`}).filter(Boolean).join(", ");return l("figure",{class:"agreement",children:[l("figcaption",{class:"muted",children:["Agreement of the neighbours (Jaccard at 10)",a&&`: ${a}`]}),l("svg",{viewBox:`0 0 ${Ye} ${Wt}`,role:"img","aria-label":`Agreement along ${D(e.length,"step")}. ${a}`,onClick:i=>{let c=i.currentTarget.getBoundingClientRect(),u=(i.clientX-c.left)*Ye/c.width;r(Math.round((u-8)/(Ye-16)*(e.length-1)))},children:[l("line",{class:"grid",x1:"0",x2:Ye,y1:s(0),y2:s(0)}),l("line",{class:"grid",x1:"0",x2:Ye,y1:s(1),y2:s(1)}),l("line",{class:"now",x1:o(n),x2:o(n),y1:"0",y2:Wt}),t.map(({name:i,values:c},u)=>l("g",{class:u===0?"with-before":"with-reference",children:[l("polyline",{points:c.flatMap((p,m)=>p===null?[]:[`${o(m).toFixed(1)},${s(p).toFixed(1)}`]).join(" ")}),c.map((p,m)=>p!==null&&l("circle",{cx:o(m),cy:s(p),r:m===n?4:2.5,children:l("title",{children:`step ${e[m]}: ${ae(p)} with ${i}`})},e[m]))]},i))]})]})}var ya=4e3;function xa(e,t){let n={frames:[],rows:null,layout:null,progress:null,error:null},[r,o]=_(n);return R(()=>{let s=!0,a=0,i="",c=m=>s&&o(f=>({...f,...m}));o(n);let u=async()=>{let m=await to({timeline:e,dataset:t},i,{wanted:()=>s,progress:(f,d,h)=>c({progress:{share:f,stage:d,job:h}}),frame:f=>i===""&&c({frames:we(f)})});m&&(i=m.layout.id,c({layout:m.layout,frames:we(m.places),rows:m.rows,progress:null,error:null}))},p=()=>{(document.hidden?Promise.resolve():u()).catch(f=>c({error:V(f),progress:null})).then(()=>{a=window.setTimeout(()=>s&&p(),ya)})};return p(),()=>{s=!1,clearTimeout(a)}},[e,t]),r}var uu={render:va};function va({model:e,el:t}){let n=t.shadowRoot??t.attachShadow({mode:"open"}),r=document.createElement("style"),o=document.createElement("div");o.className="vectory",r.textContent=Ta(Jn),n.replaceChildren(r,o),t.setAttribute("data-lm-suppress-shortcuts","true");let s=Na(t),a=Ma(e),i=Ra(t,String(e.get("still"))),c=Ea(a,u=>{o.dataset.carrier=u});return Qt(l(wa,{link:Sa(e)}),o),()=>{Qt(null,o),c.close(),a.close(),s(),i()}}function wa({link:e}){let[t]=G(e,"spaces",[]),[n]=G(e,"height",460),[r]=G(e,"timeline",""),[o]=G(e,"dataset",""),[s,...a]=t;return l("div",{style:`--map-height: ${n}px`,children:r?l(vo,{experiment:r,within:o,link:e}):s&&a.length===0?l(xo,{space:s,link:e}):l(_a,{link:e})})}function _a({link:e}){let[t]=G(e,"comparison",""),[n]=G(e,"k",10),r=j(()=>ka(t,n),[t,n]);return r.error?l(K,{error:r.error,again:r.again}):r.value?l(fo,{c:r.value,link:e}):l(re,{what:"the comparison"})}async function ka(e,t){let n=await w.comparison(e);return t<=n.k?n:ar(n,{k:t})}var Aa=2e6,wo=new Set(["spaces","comparison","timeline","dataset","reference","step","k","colour","height","hovered"]);function Sa(e){let t=(r,o)=>{e.set(r,o),e.save_changes()},n=()=>e.get("selection");return{get:r=>r==="item"?n().length===1?n()[0]:-1:r==="selection"?n().length===1?[]:n():wo.has(r)?e.get(r):void 0,set:(r,o)=>{r==="item"?t("selection",o<0?[]:[o]):(r==="selection"||wo.has(r))&&t(r,o)},on:(r,o)=>{let s=`change:${r==="item"?"selection":r}`;return e.on(s,o),()=>e.off(s,o)},keep:async r=>{r.size<Aa&&e.send({still:!0},void 0,[await r.arrayBuffer()])}}}var Pa=3e4,$a=0;function Ma(e){let t=`${Date.now().toString(36)}-${$a++}`,n=new Map,r=0,o=(a,i)=>{n.get(a.id)?.(a,i[0]??new ArrayBuffer(0)),n.delete(a.id)};e.on("msg:custom",o);let s=a=>new Promise((i,c)=>{let u=`${t}-${r++}`,p=setTimeout(()=>{n.delete(u),c(new Z("unavailable","The kernel does not answer.","Run the cell again."))},Pa);n.set(u,({status:m,headers:f},d)=>{clearTimeout(p),i(new Response(m===204?null:d,{status:m,headers:f}))}),e.send({id:u,...a})});return{carrier:(a,i,c)=>s({method:a,path:i,body:c??null}),invite:async a=>{let i=await s({invite:{origin:location.origin,host:a}});if(!i.ok)throw new Z("unavailable","the kernel has no ticket");return i.json()},close:()=>e.off("msg:custom",o)}}var Ca=6e4,_o=3;function Ea(e,t){let n=new ct(La(e),0,Ca),r=0,o=!1,s=async()=>{!o&&r<_o&&(o=!0,r+=await n.open()?0:1,o=!1)};return Vn(async(a,i,c)=>{if(n.isOpen)try{let u=await n.ask(a,i,c);return t("socket"),u}catch{r++}else s();return t("kernel"),e.carrier(a,i,c)}),Qr({open:async()=>n.isOpen,watch:(a,i)=>n.watch(a,i)}),{close:()=>{r=_o,n.close()}}}function La(e){let{protocol:t,host:n,hostname:r}=location;return t.startsWith("http")?[async()=>{if(!["127.0.0.1","localhost","[::1]"].includes(r))return null;let{ticket:a,instance:i,host:c}=await e.invite("");return{address:`ws://${c}/api/v1/ws`,ticket:a,instance:i}},async()=>{let a=JSON.parse(document.getElementById("jupyter-config-data")?.textContent??"{}");if(typeof a.baseUrl!="string")return null;let{ticket:i,instance:c,port:u}=await e.invite(n);return{address:`${t.replace("http","ws")}//${n}${a.baseUrl}proxy/${u}/api/v1/ws`,ticket:i,instance:c}}]:[]}function Ra(e,t){let n=new Set,r=()=>e.closest(".jp-OutputArea"),o=()=>{for(let c of r()?.querySelectorAll(`img[src^="${Ln}"]`)??[]){let u=c.closest(".jp-OutputArea-child"),p=atob(c.src.slice(Ln.length,Ln.length+200));u&&p.includes(t)&&(u.style.display="none",n.add(u))}},s=new MutationObserver(o),i=ko(e,()=>{let c=r();c&&(o(),s.observe(c,{childList:!0,subtree:!0}))});return()=>{i(),s.disconnect();for(let c of n)c.style.display=""}}var Ln="data:image/png;base64,";function Ta(e){let t=/prefers-color-scheme:\s*dark\)\s*\{\s*:root\s*\{([^}]*)\}/.exec(e)?.[1]??"",n=/:root\s*\{([^}]*)\}/.exec(e)?.[1]??"";return`${e.replaceAll(":root",":host").replace(/(^|\})\s*body\s*\{/,"$1.vectory{")}
:host([data-theme="light"]){${n};color-scheme:light}
:host([data-theme="dark"]){${n};${t};color-scheme:dark}
.vectory{background:none}.maps{border:0;padding:4px;box-shadow:none;background:none}
canvas.points{aspect-ratio:auto;height:var(--map-height,460px)}`}function Na(e){let t=()=>{let o=document.body?.getAttribute("data-jp-theme-light"),s=document.body?.getAttribute("data-vscode-theme-kind"),a=o?o==="true":s?Fa(e)??s.includes("light"):null,i=a===null?null:a?"light":"dark";tr(i),i&&e.setAttribute("data-theme",i)};t();let n=new MutationObserver(t);n.observe(document.body,{attributes:!0});let r=ko(e,t);return()=>{n.disconnect(),r()}}function Fa(e){for(let t=e.parentElement;t;t=t.parentElement){let[n=0,r=0,o=0,s=1]=(getComputedStyle(t).backgroundColor.match(/[\d.]+/g)??[]).map(Number);if(s>.5)return .3*n+.6*r+.1*o>127}return null}function ko(e,t){let n=new ResizeObserver(()=>{e.isConnected&&(n.disconnect(),t())});return n.observe(e),()=>n.disconnect()}export{uu as default};
