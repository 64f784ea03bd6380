/** Falls of a whole service's cached share, taken apart into shifts of mix and scopes that fell. */
package io.mendline.processors.mix;
