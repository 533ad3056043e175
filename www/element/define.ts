/** Makes the element known, for pages without a script of their own: `<script type="module" src="…/element-define.js">`. */
import { define } from "icp-precheck/element";

define();
