/**
 * What is found about Microsoft Sentinel's analytics rules: windows of data that no run has looked
 * at, and rules that run late, run with trouble, or are disabled. Everything about them is here:
 * the wording, the identity of a window, the states and the findings.
 */
package io.mendline.processors.sentinel;
