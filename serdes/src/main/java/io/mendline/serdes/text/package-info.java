/** What is done to texts from outside: instants and durations read, secrets taken out. */
package io.mendline.serdes.text;
