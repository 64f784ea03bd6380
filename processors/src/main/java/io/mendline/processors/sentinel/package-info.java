/**
 * What is found about Microsoft Sentinel's analytics rules: windows of data that no run has looked
 * at. Everything about them is here: the wording, the identity of a window, the state and the
 * finding.
 */
package io.mendline.processors.sentinel;
