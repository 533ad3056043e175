import type { Precheck, PrecheckOptions } from "../lib/types";
import type { Locale } from "../lib/types.gen";

/** The engines of one page, one per language, each loaded when it is first asked for. */
export class Engines {
  private readonly loading = new Map<Locale, Promise<Precheck>>();

  constructor(
    private readonly create: (options: PrecheckOptions) => Promise<Precheck>,
    private readonly options: Omit<PrecheckOptions, "locale">,
  ) {}

  get(locale: Locale): Promise<Precheck> {
    const known = this.loading.get(locale);
    if (known) return known;
    const started = this.create({ ...this.options, locale });
    this.loading.set(locale, started);
    // A download that failed in a tunnel may work for the next choice.
    started.catch(() => this.loading.delete(locale));
    return started;
  }

  /** Uses the time in which the applicant looks for the photo. */
  prefetch(locale: Locale): void {
    const connection = (navigator as Navigator & { connection?: { saveData?: boolean } }).connection;
    if (this.loading.has(locale) || connection?.saveData) return;
    const start = () => {
      // Silent, for nobody has asked for anything yet; the check itself will report it.
      this.get(locale).catch(() => undefined);
    };
    if (typeof requestIdleCallback === "function") requestIdleCallback(start, { timeout: 2000 });
    else setTimeout(start, 200);
  }

  close(): void {
    for (const engine of this.loading.values()) engine.then((one) => one.close()).catch(() => undefined);
    this.loading.clear();
  }
}
