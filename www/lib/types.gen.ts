// Generated from the Rust types by `UPDATE=1 cargo test`. Do not edit.

/**
 * A language of messages. Chinese is the default.
 */
export type Locale = "zh-CN" | "en";

/**
 * The same text in both languages, as the rule files give it.
 */
export type Text = { 
/**
 * Simplified Chinese.
 */
zh: string, 
/**
 * English.
 */
en: string, };

/**
 * The kind of misuse; stable across versions, so that a program can act on it.
 */
export type MisuseCode = "invalid-argument" | "unknown-province" | "unknown-upload-profile" | "unknown-material" | "invalid-date" | "invalid-rules";

/**
 * What a file really is, by its content.
 */
export type Format = "jpeg" | "png" | "gif" | "webp" | "heic" | "avif" | "jxl" | "jp2" | "bmp" | "tiff" | "svg" | "pdf" | "psd" | "ico" | "docx" | "xlsx" | "pptx" | "ole" | "zip" | "rar" | "7z" | "gzip" | "mp4" | "mov" | "webm" | "html" | "xml" | "text" | "unknown";

/**
 * How colours are stored.
 */
export type ColorModel = "gray" | "gray-alpha" | "rgb" | "rgba" | "indexed" | "ycbcr" | "cmyk" | "ycck" | "unknown";

/**
 * Camera data. Texts are trimmed, cut at 128 characters, `null` when absent or empty.
 */
export type Exif = { 
/**
 * Maker of the camera.
 */
make: string | null, 
/**
 * Model of the camera.
 */
model: string | null, 
/**
 * Program or firmware that wrote the file.
 */
software: string | null, 
/**
 * When the photo was taken, as written: `YYYY:MM:DD hh:mm:ss`.
 */
takenAt: string | null, 
/**
 * Whether a place (latitude or longitude) is recorded. The place itself is never read out.
 */
hasLocation: boolean, };

/**
 * What a finding is about. Codes are stable across versions; their words are not.
 */
export type Code = "file.empty" | "file.unreadable" | "file.not-checked" | "file.type-unsupported" | "file.type-mismatch" | "file.too-large" | "file.near-limit" | "file.too-small" | "file.truncated" | "file.corrupt" | "file.trailing-data" | "file.animated" | "file.color-model" | "file.too-many-pixels" | "file.location-metadata" | "file.edited" | "photo.not-decoded" | "photo.too-few-pixels" | "photo.blurred" | "photo.too-dark" | "photo.too-bright" | "photo.low-contrast" | "photo.uneven-light" | "photo.glare" | "photo.monochrome" | "photo.sideways" | "photo.screenshot" | "photo.recaptured" | "document.not-found" | "document.cut-off" | "document.no-margin" | "document.too-small-in-frame" | "document.aspect-ratio" | "document.tilted" | "document.expired" | "number.id-card" | "number.credit-code" | "number.passport" | "number.permit" | "pair.frame-differs" | "pair.same-photo" | "pair.same-side" | "pair.sides-swapped" | "pair.scale-differs" | "pair.position-differs" | "pair.light-differs" | "pair.background-differs" | "submission.missing-material" | "submission.constraint-violated" | "submission.duplicate-photo" | "submission.needs-splice" | "submission.not-needed" | "fix.not-possible";

/**
 * What a check has to say.
 */
export type Outcome = "pass" | "fail" | "unsure" | "not-applicable" | "broken";

/**
 * What a failure means for the applicant.
 */
export type Severity = "blocking" | "advisory";

/**
 * The remedy that a program can carry out.
 */
export type Fix = "compress" | "convert" | "rotate" | "crop" | "match-pair" | "splice" | "strip-metadata";

/**
 * A measured value or a limit.
 */
export type Value = number | string;

/**
 * The answer about a whole file, pair or submission.
 */
export type Verdict = "pass" | "review" | "fail";

/**
 * What was measured and what it was compared with.
 */
export type Evidence = { 
/**
 * The measured value.
 */
measured: Value | null, 
/**
 * The limit it was compared with.
 */
limit: Value | null, 
/**
 * Unit of both: `bytes`, `px`, `megapixels`, `frames`, `ratio`, `luma` (0 to 255), `px/mm`, `deg`; `null` for words.
 */
unit: string | null, 
/**
 * Where in the displayed picture.
 */
region: [[number, number], [number, number], [number, number], [number, number]] | null, 
/**
 * Where in the file, in bytes from its start.
 */
byteOffset?: number, };

/**
 * Who asks for it, or where the method comes from.
 */
export type Basis = { 
/**
 * Id of the rule or of the standard.
 */
id: string, 
/**
 * Title of the document.
 */
title: string, 
/**
 * Who published it.
 */
publisher: string, 
/**
 * Its address.
 */
url?: string, 
/**
 * Its date, as precise as known: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
 */
date?: string, };

/**
 * A finding in words.
 */
export type Finding = { 
/**
 * Stable code, e.g. `file.too-large`.
 */
code: Code, 
/**
 * What the check says.
 */
outcome: Outcome, 
/**
 * What a failure means.
 */
severity: Severity, 
/**
 * What is wrong, with value and limit, in the chosen language.
 */
message: string, 
/**
 * What to do now; `null` when there is nothing to do.
 */
remedy: string | null, 
/**
 * What was measured.
 */
evidence: Evidence, 
/**
 * Who asks for it, or the source of the method.
 */
basis: Basis, 
/**
 * The remedy that a program can carry out.
 */
fix: Fix | null, };

/**
 * What the bytes of the file say.
 */
export type FileReport = { 
/**
 * The real type, by content.
 */
format: Format, 
/**
 * MIME type of the real type, not of the name; `application/octet-stream` when unknown.
 */
mimeType: string, 
/**
 * Size of the whole file in bytes.
 */
sizeBytes: number, 
/**
 * Width in pixels as displayed, Exif orientation applied; 0 when not known.
 */
widthPx: number, 
/**
 * Height in pixels as displayed, Exif orientation applied; 0 when not known.
 */
heightPx: number, 
/**
 * Exif orientation, 1 to 8; 1 when the file has none.
 */
exifOrientation: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8, 
/**
 * Number of frames: 1 for a still picture, 0 when not known.
 */
frames: number, 
/**
 * How colours are stored.
 */
colorModel: ColorModel, 
/**
 * Bits per sample, 1 to 16; 0 when not known.
 */
bitsPerSample: number, 
/**
 * Whether the structure was walked to its end mark without damage.
 */
complete: boolean, 
/**
 * Camera data; `null` when the file has none.
 */
exif: Exif | null, 
/**
 * Focal length in pixels of the picture, which tells true proportions from perspective; `null` unless the camera data
 * state one that holds for all of the picture.
 */
focalLengthPx: number | null, };

/**
 * The kind of document in the picture.
 */
export type DocumentKind = "id-1-card" | "passport-page" | "passport-open" | "a4-portrait" | "a4-landscape" | "a3-landscape" | "unknown";

/**
 * Whether the document lies wholly in the picture.
 */
export type InFrame = "whole" | "cut-off" | "fills-frame";

/**
 * Where the document is in the picture.
 */
export type DocumentReport = { 
/**
 * Kind of document by its shape.
 */
kind: DocumentKind, 
/**
 * Corners in pixels of the displayed picture, clockwise from the one with the smallest `x + y`.
 */
quad: [[number, number], [number, number], [number, number], [number, number]], 
/**
 * Long side divided by short side of the document itself, perspective removed.
 */
aspectRatio: number, 
/**
 * Share of the picture that the document covers, 0 to 1.
 */
coverage: number, 
/**
 * Rotation in degrees, clockwise, -180 to 180.
 */
rotationDeg: number, 
/**
 * Tilt of the camera against the document in degrees, 0 to 90.
 */
tiltDeg: number, 
/**
 * Confidence, 0 to 1.
 */
confidence: number, 
/**
 * Whether the document lies wholly in the picture.
 */
inFrame: InFrame, };

/**
 * Which engine and rules gave the answer, and for which day.
 */
export type EngineReport = { 
/**
 * Version of the program.
 */
version: string, 
/**
 * Version of the rules.
 */
rulesVersion: string, 
/**
 * Fingerprint of the rules: tells sets of the same version apart.
 */
rulesHash: string, 
/**
 * The day that the answer holds for.
 */
on: string, };

/**
 * Everything about one file.
 */
export type PhotoReport = { 
/**
 * `fail`: a blocking failure. `review`: an advisory failure, a doubt, or a check that did not run.
 */
verdict: Verdict, 
/**
 * One per check: failures first, passes last.
 */
findings: Array<Finding>, 
/**
 * What the bytes say.
 */
file: FileReport, 
/**
 * Where the document is; `null` when it was not looked for or not found.
 */
document: DocumentReport | null, 
/**
 * Measured values, by name with unit; `null` = not available.
 */
measures: Record<string, number | null>, 
/**
 * Which engine and rules.
 */
engine: EngineReport, };

/**
 * Everything about the front and the back of one document.
 */
export type PairReport = { 
/**
 * The worst of both reports and the findings about the pair.
 */
verdict: Verdict, 
/**
 * What is only true of both together.
 */
findings: Array<Finding>, 
/**
 * The front.
 */
front: PhotoReport, 
/**
 * The back.
 */
back: PhotoReport, 
/**
 * Which engine and rules.
 */
engine: EngineReport, };

/**
 * How pictures are put together.
 */
export type Layout = "vertical" | "horizontal" | "grid";

/**
 * What was done to a picture, or what it cost.
 */
export type Change = { 
/**
 * What it is about; stable, e.g. `spliced`, `scaled`, `quality`.
 */
kind: string, 
/**
 * The new value; `null` where there is none.
 */
value: number | null, 
/**
 * Its unit.
 */
unit: string | null, 
/**
 * The same in words of the chosen language.
 */
message: string, };

/**
 * What came of a remedy, without the new file itself.
 */
export type FixReport = { 
/**
 * What was done, in order.
 */
changes: Array<Change>, 
/**
 * What it cost.
 */
losses: Array<Change>, 
/**
 * The first picture as it was given.
 */
before: PhotoReport, 
/**
 * All pictures as they were given.
 */
sources: Array<PhotoReport>, 
/**
 * The new file, checked again; `null` when there is none.
 */
after: PhotoReport | null, 
/**
 * Why there is no new file; `null` when there is one.
 */
refusal: Finding | null, };

/**
 * A picture in its place, with what is said about it.
 */
export type SlotReport = { 
/**
 * The place: material and side, e.g. `leader-identity-document/front`.
 */
slot: string, 
/**
 * Id of the material.
 */
material: string, 
/**
 * Name of the file; `null` when it has none.
 */
file: string | null, 
/**
 * Everything about the picture.
 */
report: PhotoReport, };

/**
 * Front and back of one material.
 */
export type SubmissionPair = { 
/**
 * Id of the material.
 */
material: string, 
/**
 * The worst of both reports and the findings about the pair.
 */
verdict: Verdict, 
/**
 * What is only true of both together.
 */
findings: Array<Finding>, 
/**
 * The front.
 */
front: PhotoReport, 
/**
 * The back.
 */
back: PhotoReport, 
/**
 * Which engine and rules.
 */
engine: EngineReport, };

/**
 * A finding about the submission, with the place that it is about.
 */
export type SubmissionFinding = { 
/**
 * The place; `null` for the submission as a whole.
 */
slot: string | null, 
/**
 * Stable code, e.g. `file.too-large`.
 */
code: Code, 
/**
 * What the check says.
 */
outcome: Outcome, 
/**
 * What a failure means.
 */
severity: Severity, 
/**
 * What is wrong, with value and limit, in the chosen language.
 */
message: string, 
/**
 * What to do now; `null` when there is nothing to do.
 */
remedy: string | null, 
/**
 * What was measured.
 */
evidence: Evidence, 
/**
 * Who asks for it, or the source of the method.
 */
basis: Basis, 
/**
 * The remedy that a program can carry out.
 */
fix: Fix | null, };

/**
 * One thing to do.
 */
export type Todo = { 
/**
 * What to do now, in the chosen language.
 */
message: string, 
/**
 * The code of the finding that it mends.
 */
finding: Code, 
/**
 * Where; `null` for the submission as a whole.
 */
slot: string | null, 
/**
 * Whether the filing fails without it.
 */
severity: Severity, };

/**
 * Everything about a set of pictures for one filing.
 */
export type SubmissionReport = { 
/**
 * The worst of everything below.
 */
verdict: Verdict, 
/**
 * Which papers are wanted and why.
 */
checklist: Checklist, 
/**
 * The pictures in the order in which they were given.
 */
slots: Array<SlotReport>, 
/**
 * The pairs of front and back.
 */
pairs: Array<SubmissionPair>, 
/**
 * What is only true of the set as a whole.
 */
findings: Array<SubmissionFinding>, 
/**
 * The shortest list of things to do, what the filing fails without first.
 */
todo: Array<Todo>, 
/**
 * Which engine and rules.
 */
engine: EngineReport, };

/**
 * What an applicant typed. Every field is optional; blanks and case make no difference.
 */
export type Numbers = { 
/**
 * Resident ID card, residence permit for Hong Kong, Macao or Taiwan residents, or the permanent resident ID card of
 * a foreigner: 18 digits.
 */
idCard?: string, 
/**
 * Unified social credit code.
 */
creditCode?: string, 
/**
 * Passport.
 */
passport?: string, 
/**
 * Mainland travel permit for Hong Kong and Macao residents.
 */
hkMacaoTravelPermit?: string, 
/**
 * Mainland travel permit for Taiwan residents.
 */
taiwanTravelPermit?: string, 
/**
 * Last day of the identity document, `YYYY-MM-DD`, or `long-term`.
 */
idExpiry?: string, 
/**
 * Last day of the organization's certificate, likewise.
 */
certificateExpiry?: string, 
/**
 * Kind of the filing entity, as in a profile: an individual has no credit code.
 */
entityType?: string, };

/**
 * A finding about one field of what was typed.
 */
export type NumberFinding = { 
/**
 * Name of the field, e.g. `idCard`.
 */
field: string, 
/**
 * Stable code, e.g. `file.too-large`.
 */
code: Code, 
/**
 * What the check says.
 */
outcome: Outcome, 
/**
 * What a failure means.
 */
severity: Severity, 
/**
 * What is wrong, with value and limit, in the chosen language.
 */
message: string, 
/**
 * What to do now; `null` when there is nothing to do.
 */
remedy: string | null, 
/**
 * What was measured.
 */
evidence: Evidence, 
/**
 * Who asks for it, or the source of the method.
 */
basis: Basis, 
/**
 * The remedy that a program can carry out.
 */
fix: Fix | null, };

/**
 * What is said about numbers that were typed. It repeats none of them.
 */
export type NumbersReport = { 
/**
 * The worst of the findings.
 */
verdict: Verdict, 
/**
 * One per field that was given.
 */
findings: Array<NumberFinding>, 
/**
 * Age in years by the ID number; `null` where there is no sound one.
 */
ageYears: number | null, 
/**
 * Province-level code of the place where the ID number was first given out. The domicile may be another today.
 */
idRegion: string | null, 
/**
 * Province-level code of the place where the organization was registered; `null` for the state's own.
 */
entityRegion: string | null, 
/**
 * Which engine and rules.
 */
engine: EngineReport, };

/**
 * Limits for one material.
 */
export type MaterialLimits = { 
/**
 * Replaces the profile's `min_bytes`.
 */
minBytes?: number, 
/**
 * Replaces the profile's `max_bytes`.
 */
maxBytes?: number, 
/**
 * Smallest long side.
 */
minLongSidePx?: number, 
/**
 * Smallest short side.
 */
minShortSidePx?: number, 
/**
 * No source says that a picture with smaller sides is refused: they are advice.
 */
sidesAreAdvice?: boolean, 
/**
 * Id of the rule behind these limits.
 */
basis?: string, };

/**
 * Ids of the rules behind the limits of a profile.
 */
export type UploadBasis = { 
/**
 * Behind `formats`.
 */
format?: string, 
/**
 * Behind `min_bytes`, `max_bytes` and `near_limit_bytes`.
 */
size?: string, 
/**
 * Behind `max_pixels`.
 */
pixels?: string, };

/**
 * What an upload page accepts. Sizes in bytes, sides in pixels as displayed; an absent limit does not exist.
 */
export type UploadProfile = { 
/**
 * Stable id, e.g. `alibaba-cloud`.
 */
id: string, 
/**
 * Name shown to people.
 */
name: Text, 
/**
 * Accepted formats.
 */
formats: Array<Format>, 
/**
 * A smaller file is refused.
 */
minBytes?: number, 
/**
 * A file of this size or above is refused.
 */
maxBytes?: number, 
/**
 * A file of this size or above is refused by channels that count a megabyte as 1,000,000 bytes.
 */
nearLimitBytes?: number, 
/**
 * A picture with more pixels than this is refused.
 */
maxPixels?: number, 
/**
 * Limits that hold for one material only, by material id.
 */
materials?: { [key in string]: MaterialLimits }, 
/**
 * Ids of the rules behind the limits; without one, the profile itself is named as the basis.
 */
basis?: UploadBasis, };

export type Profile = { 
/**
 * In which province do you file?
 */
province: string, 
/**
 * What kind of filing is it?
 */
filingType?: "first" | "add-website" | "transfer-access" | "change" | null | undefined, 
/**
 * Who files?
 */
entityType?: "individual" | "enterprise" | "individual-business" | "government-agency" | "public-institution" | "social-organization" | "private-non-enterprise" | "foundation" | "defense-institution" | "law-firm" | "foreign-cultural-center" | "mass-organization" | "forensic-institution" | "religious-body" | "overseas-institution" | "medical-institution" | "notary-office" | "collective-economy" | "arbitration-body" | "other-organization" | null | undefined, 
/**
 * Which certificate does the organization file with?
 */
certificateType?: "business-license" | "organization-code-certificate" | "unified-credit-code-certificate" | "public-institution-certificate" | "social-organization-registration" | "representative-office-registration" | "private-non-enterprise-registration" | "social-service-registration" | "private-school-permit" | "foundation-registration" | "unit-code" | "military-paid-service-license" | "law-firm-license" | "cultural-center-registration" | "tourism-office-registration" | "embassy-school-permit" | "forensic-license" | "religious-venue-registration" | "overseas-institution-certificate" | "medical-institution-license" | "notary-license" | "collective-economy-registration" | "arbitration-registration" | "foreign-ngo-registration" | "foreign-press-certificate" | "hmt-tourism-office-registration" | "other" | null | undefined, 
/**
 * Which identity document does the entity leader hold? For an individual filing: the applicant.
 */
leaderIdentity?: "mainland" | "hong-kong-macao" | "taiwan" | "foreign" | null | undefined, 
/**
 * Is the entity leader the legal representative of the organization?
 */
leaderIsLegalRepresentative?: boolean | null | undefined, 
/**
 * Are the website administrator and the entity leader the same person?
 */
administratorIsLeader?: boolean | null | undefined, 
/**
 * Which identity document does the website administrator hold?
 */
administratorIdentity?: "mainland" | "hong-kong-macao" | "taiwan" | "foreign" | null | undefined, 
/**
 * Is the website administrator the legal representative of the organization?
 */
administratorIsLegalRepresentative?: boolean | null | undefined, 
/**
 * Which identity document does the legal representative hold?
 */
legalRepresentativeIdentity?: "mainland" | "hong-kong-macao" | "taiwan" | "foreign" | null | undefined, 
/**
 * How old is the entity leader? For an individual filing: the applicant.
 */
leaderAge?: number | null | undefined, 
/**
 * How old is the website administrator?
 */
administratorAge?: number | null | undefined, 
/**
 * Does the person work or have an income of their own?
 */
hasOwnIncome?: boolean | null | undefined, 
/**
 * Is the applicant a student?
 */
isStudent?: boolean | null | undefined, 
/**
 * Is it a temporary ID card?
 */
temporaryIdCard?: boolean | null | undefined, 
/**
 * Is the domicile on the ID card in the province of the filing?
 */
domicileInProvince?: boolean | null | undefined, 
/**
 * Is the domicile on the administrator's ID card in the province of the filing?
 */
administratorDomicileInProvince?: boolean | null | undefined, 
/**
 * When does the residence permit expire?
 */
residencePermitExpiry?: string | null | undefined, 
/**
 * When does the identity document of the entity leader expire?
 */
idExpiry?: string | null | undefined, 
/**
 * When does the certificate of the organization expire?
 */
certificateExpiry?: string | null | undefined, 
/**
 * How many domain names are there, those already filed included?
 */
domainCount?: number | null | undefined, 
/**
 * How many websites are there, those already filed included?
 */
websiteCount?: number | null | undefined, 
/**
 * Who is the registrant of the domain name?
 */
domainRegistrant?: "entity" | "legal-representative" | "leader" | "shareholder" | "executive" | "foreign-parent" | "other-individual" | "other-organization" | null | undefined, 
/**
 * When does the registration of the domain name expire?
 */
domainExpiry?: string | null | undefined, 
/**
 * Which domain name is filed?
 */
domainName?: string | null | undefined, 
/**
 * Is the domain name registered with another company than the provider of the filing?
 */
domainElsewhere?: boolean | null | undefined, 
/**
 * Is the domain name registered with a registrar outside mainland China?
 */
registrarAbroad?: boolean | null | undefined, 
/**
 * How many domain names are filed this time?
 */
domainsInOrder?: number | null | undefined, 
/**
 * How many websites are filed this time?
 */
websitesInOrder?: number | null | undefined, 
/**
 * Does one website have several domain names?
 */
severalDomainsPerSite?: boolean | null | undefined, 
/**
 * Does the domain only serve a mini-program, a public account or mail, without a website?
 */
domainWithoutSite?: boolean | null | undefined, 
/**
 * Is one website linked to more than one cloud resource?
 */
severalCloudResources?: boolean | null | undefined, 
/**
 * Has the name of the organization changed since its last filing?
 */
nameChanged?: boolean | null | undefined, 
/**
 * What is to be changed?
 */
changeKind?: "rename" | "replace-entity" | "organization-to-individual" | "individual-to-organization" | "individual-to-individual" | "business-to-operator" | "people-or-contacts" | "website" | "domain" | null | undefined, 
/**
 * Are you the legal representative of the new organization?
 */
runsNewOrganization?: boolean | null | undefined, 
/**
 * Does the entity already have a filing with this provider?
 */
filedHere?: boolean | null | undefined, 
/**
 * Has the number of the certificate changed since the last filing?
 */
certificateNumberChanged?: boolean | null | undefined, 
/**
 * Is the entity leader another person than in the last filing?
 */
leaderChanged?: boolean | null | undefined, 
/**
 * Is the website administrator another person than in the last filing?
 */
administratorChanged?: boolean | null | undefined, 
/**
 * Does the existing filing name an old certificate that has been replaced since?
 */
oldCertificate?: boolean | null | undefined, 
/**
 * Does the entity hold more than one filing number?
 */
severalFilingNumbers?: boolean | null | undefined, 
/**
 * Which of these fields does the website touch?
 */
siteSector?: "none" | "news" | "publishing" | "education" | "medical" | "finance" | "culture" | "broadcasting" | "games" | "ride-hailing" | "religion" | "food" | "chemicals" | "commerce" | "forum" | "law" | null | undefined, 
/**
 * Which kind of service will you name for the website?
 */
serviceContent?: "portal" | "blog" | "navigation" | "forum" | "other" | null | undefined, 
/**
 * Does the business of the site require an ICP commercial licence?
 */
commercialLicenseRequired?: boolean | null | undefined, 
/**
 * What is the full name of the organization?
 */
entityName?: string | null | undefined, 
/**
 * What business scope does the certificate name?
 */
businessScope?: string | null | undefined, 
/**
 * What is the name of the website?
 */
websiteName?: string | null | undefined, 
/**
 * What will the remarks on the website say?
 */
websiteRemarks?: string | null | undefined, 
/**
 * Does the licence show a trade name?
 */
hasTradeName?: boolean | null | undefined, 
/**
 * Is there an official seal?
 */
hasSeal?: boolean | null | undefined, 
/**
 * Is the enterprise foreign-invested?
 */
foreignInvested?: boolean | null | undefined, 
/**
 * What is the status of the enterprise in the register?
 */
registrationStatus?: "normal" | "abnormal" | "revoked" | null | undefined, 
/**
 * Does the licence name an online shop as its address?
 */
onlineShopAddress?: boolean | null | undefined, 
/**
 * Is the address on the certificate in the province of the filing?
 */
certificateInProvince?: boolean | null | undefined, 
/**
 * Is the mailing address in the same city as the address on the document?
 */
addressSameCity?: boolean | null | undefined, 
/**
 * Are the mobile numbers of the people in charge from the province of the filing?
 */
phoneInProvince?: boolean | null | undefined, 
/**
 * How many different mobile numbers stand in the fields for contacts and emergencies?
 */
distinctPhones?: number | null | undefined, 
/**
 * Is the emergency number the same as contact number 1?
 */
emergencyPhoneIsOwn?: boolean | null | undefined, 
/**
 * Do the entity leader and the website administrator use the same mobile number?
 */
peopleSharePhone?: boolean | null | undefined, 
/**
 * Does another entity's filing already use the mobile or document number of a person in charge?
 */
contactsUsedElsewhere?: boolean | null | undefined, 
/**
 * Is the website administrator also that of another organization?
 */
administratorServesOthers?: boolean | null | undefined,  };

/**
 * The value of a fact.
 */
export type FactValue = boolean | number | string;

/**
 * Whether a material is wanted.
 */
export type ItemStatus = "required" | "conditional" | "maybe" | "not-required";

/**
 * How a material is uploaded.
 */
export type UploadHint = { 
/**
 * Whether upload pages have a button for it.
 */
ownButton: boolean, 
/**
 * Without one: the material it is spliced with; `null` while that depends on an answer.
 */
spliceWith: string | null, };

/**
 * An answer and the rule in which it counts.
 */
export type Reason = { 
/**
 * Id of the fact, or `on` for the day of the checklist.
 */
fact: string, 
/**
 * Its value.
 */
value: FactValue, 
/**
 * Id of the rule.
 */
rule: string, };

/**
 * One of several readings.
 */
export type ReadingNote = { 
/**
 * What these sources say.
 */
text: string, 
/**
 * The sources.
 */
basis: Array<Basis>, };

/**
 * What one rule says, and who says so.
 */
export type RuleNote = { 
/**
 * Id of the rule.
 */
id: string, 
/**
 * How certain it is.
 */
grade: Grade, 
/**
 * What it says.
 */
text: string, 
/**
 * Where sources contradict each other: what each side says.
 */
readings: Array<ReadingNote>, 
/**
 * Who says so.
 */
basis: Array<Basis>, 
/**
 * The day on which it was last compared with its sources.
 */
verifiedOn: string | null, 
/**
 * That day is long ago: ask the provider.
 */
stale: boolean, };

/**
 * A single answer that would change something, given or not yet given.
 */
export type StatusChange = { 
/**
 * Id of the fact.
 */
fact: string, 
/**
 * The answer; of numbers and days the nearest one that does it; `null`: another text.
 */
value: FactValue | null, 
/**
 * The answer as it is shown; `null` for another text.
 */
label: string | null, 
/**
 * The status that follows; `absent` for a constraint that would not be listed.
 */
status: string, };

/**
 * A material with its status and the reasons.
 */
export type ChecklistItem = { 
/**
 * Id of the material.
 */
material: string, 
/**
 * Its name.
 */
name: string, 
/**
 * What it is.
 */
description: string, 
/**
 * Identity documents that serve as it; empty when it is not one.
 */
accepts: Array<string>, 
/**
 * Whether it is wanted.
 */
status: ItemStatus, 
/**
 * Questions that decide a conditional item; empty for others.
 */
dependsOn: Array<string>, 
/**
 * The answers that lead to the status. Never empty.
 */
because: Array<Reason>, 
/**
 * What the rules behind the status say.
 */
notes: Array<string>, 
/**
 * How certain it is: the grade of the most certain rule behind the status.
 */
grade: Grade, 
/**
 * The rules behind the status, each with its grade and those who say so; empty for what is not required.
 */
rules: Array<RuleNote>, 
/**
 * Pictures to take.
 */
slots: Array<Slot>, 
/**
 * How it is uploaded.
 */
upload: UploadHint, 
/**
 * Name or address of a form to fill in.
 */
template: string | null, 
/**
 * What the paper has to say, point by point; empty for what is only photographed.
 */
outline: Array<string>, 
/**
 * Who issues or signs it.
 */
issuer: string | null, 
/**
 * How long it is valid, or how old it may be.
 */
validity: string | null, 
/**
 * Who asks for it. Never empty.
 */
basis: Array<Basis>, 
/**
 * Single answers that would change the status; absent unless asked for.
 */
changes?: Array<StatusChange>, };

/**
 * How things stand with a constraint.
 */
export type ConstraintStatus = "violated" | "unknown" | "met" | "notice";

/**
 * Something that must be so, or that should be known.
 */
export type Constraint = { 
/**
 * Id of the rule.
 */
id: string, 
/**
 * How things stand.
 */
status: ConstraintStatus, 
/**
 * What it is about, to sort a long list.
 */
topic: Topic | null, 
/**
 * How certain it is.
 */
grade: Grade, 
/**
 * What it says.
 */
message: string, 
/**
 * What to do; `null` when there is nothing to do.
 */
remedy: string | null, 
/**
 * Questions that decide it; empty when none can.
 */
dependsOn: Array<string>, 
/**
 * The answers that lead to the status. Never empty.
 */
because: Array<Reason>, 
/**
 * Who says so. Never empty.
 */
basis: Array<Basis>, 
/**
 * Where sources contradict each other: what each side says.
 */
readings: Array<ReadingNote>, 
/**
 * The day on which the rule was last compared with its sources.
 */
verifiedOn: string | null, 
/**
 * That day is long ago: ask the provider.
 */
stale: boolean, 
/**
 * Single answers that would change the status; absent unless asked for.
 */
changes?: Array<StatusChange>, };

/**
 * A possible answer.
 */
export type QuestionOption = { 
/**
 * As it is given in a profile.
 */
value: FactValue, 
/**
 * As it is shown.
 */
label: string, };

/**
 * A question that is still worth asking.
 */
export type Question = { 
/**
 * Id of the fact.
 */
id: string, 
/**
 * The question.
 */
text: string, 
/**
 * A sentence of help.
 */
help: string | null, 
/**
 * Kind of answer.
 */
type: FactType, 
/**
 * Possible answers; absent for numbers and texts.
 */
options?: Array<QuestionOption>, 
/**
 * Smallest number allowed.
 */
min?: number, 
/**
 * Largest number allowed.
 */
max?: number, 
/**
 * Ids of the materials and constraints that an answer can change.
 */
affects: Array<string>, 
/**
 * A detail, which can be left open at little cost. Details come last.
 */
detail: boolean, 
/**
 * The answer is about a person or names something: keep it out of links and storage.
 */
personal: boolean, };

/**
 * Which papers are wanted, why, and what is still worth asking.
 */
export type Checklist = { 
/**
 * Every material of the rules: required ones first, then conditional, maybe, not required.
 */
items: Array<ChecklistItem>, 
/**
 * What else must be so or should be known.
 */
constraints: Array<Constraint>, 
/**
 * Questions whose answer can still change the result, most decisive first.
 */
questions: Array<Question>, 
/**
 * Which program, which rules, which day.
 */
engine: EngineReport, };

/**
 * A picture of a material: the whole, or one side.
 */
export type Slot = "single" | "front" | "back";

/**
 * The kind of answer that a fact has.
 */
export type FactType = "region" | "enum" | "boolean" | "integer" | "date" | "text";

/**
 * Words that no rule has of its own.
 */
export type Words = { 
/**
 * Yes.
 */
yes: Text, 
/**
 * No.
 */
no: Text, 
/**
 * Follows what a rule of grade `older` says.
 */
older?: Text, 
/**
 * Says that something never ends.
 */
longTerm?: Text, };

/**
 * A document or a method that is cited.
 */
export type Source = { 
/**
 * Stable id, kebab-case; no rule has the same.
 */
id: string, 
/**
 * Who published it.
 */
publisher: Text, 
/**
 * Its title, translated where it is published in one language only.
 */
title: Text, 
/**
 * Its address.
 */
url?: string, 
/**
 * A lasting copy.
 */
archived?: string, 
/**
 * Its own date, as precise as known: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; absent when it has none.
 */
date?: string, 
/**
 * The day on which it was last compared with the rules that cite it.
 */
verifiedOn?: string, };

/**
 * A province-level division.
 */
export type Region = { 
/**
 * GB/T 2260 code, e.g. `350000`.
 */
code: string, 
/**
 * Its name.
 */
name: Text, 
/**
 * The day on which its own file was last compared with the sources; absent when it has no file of its own yet.
 */
verifiedOn?: string, 
/**
 * What is known to be missing from its file.
 */
omissions?: Text, };

/**
 * A possible answer.
 */
export type FactOption = { 
/**
 * As it is written in a profile.
 */
value: string, 
/**
 * As it is shown.
 */
label: Text, 
/**
 * Its code in the filing system of the ministry.
 */
code?: string, };

/**
 * Something that can be asked of an applicant and that conditions may refer to.
 */
export type Fact = { 
/**
 * Its name in a profile, camelCase.
 */
id: string, 
/**
 * The kind of answer.
 */
type: FactType, 
/**
 * Short name for lists.
 */
label: Text, 
/**
 * The question, in words that need no knowledge of the law.
 */
question: Text, 
/**
 * A sentence of help below the question.
 */
help?: Text, 
/**
 * The possible answers of an `enum`.
 */
options?: Array<FactOption>, 
/**
 * Names for several options; conditions write `@name`.
 */
groups?: { [key in string]: Array<string> }, 
/**
 * Smallest number allowed.
 */
min?: number, 
/**
 * Largest number allowed.
 */
max?: number, 
/**
 * For whom the question makes sense: never asked of others.
 */
relevant?: Record<string, unknown>, 
/**
 * A detail: asked after everything else, and few answers change much.
 */
detail?: boolean, 
/**
 * The answer says who or how old somebody is, or names something: pages keep it out of links and storage.
 */
personal?: boolean, };

/**
 * A fact that follows from others. An answer that was given stays, and is never replaced by one that follows.
 */
export type Implication = { 
/**
 * When it follows.
 */
when: Record<string, unknown>, 
/**
 * The fact that follows.
 */
fact: string, 
/**
 * Its answer, of a boolean fact; either this or `same_as`.
 */
value?: boolean, 
/**
 * The fact whose answer it shares, of the same type and with the same options.
 */
sameAs?: string, };

/**
 * An identity document.
 */
export type Document = { 
/**
 * Stable id.
 */
id: string, 
/**
 * Its name.
 */
name: Text, 
/**
 * The pictures that are taken of it.
 */
slots: Array<Slot>, 
/**
 * Its shape, as reports name it: `id-1-card`, `passport-page`, ...
 */
shape: string, };

/**
 * Documents that are accepted for a material in a certain case.
 */
export type Accepted = { 
/**
 * The case.
 */
when: Record<string, unknown>, 
/**
 * Ids of documents.
 */
documents: Array<string>, };

/**
 * A paper or photo that may be wanted.
 */
export type Material = { 
/**
 * Stable id.
 */
id: string, 
/**
 * Its name.
 */
name: Text, 
/**
 * What it is and how to get it, in one or two sentences.
 */
description: Text, 
/**
 * The pictures that are taken of it; those of the accepted documents come first where all of these agree.
 */
slots: Array<Slot>, 
/**
 * Identity documents that serve as it: those of every case that holds or may still hold. Empty: not an identity document.
 */
accepts?: Array<Accepted>, 
/**
 * Whether upload pages have a button for it.
 */
ownButton: boolean, 
/**
 * Name or address of a form to fill in.
 */
template?: string, 
/**
 * Its shape, as reports name it; absent: a sheet of paper or anything else.
 */
shape?: string, 
/**
 * Who issues or signs it.
 */
issuer?: Text, 
/**
 * How long it is valid, or how old it may be.
 */
validity?: Text, 
/**
 * What the paper has to say, point by point.
 */
outline?: Array<Text>, };

/**
 * With which material one without an upload button is spliced.
 */
export type Splice = { 
/**
 * When.
 */
when: Record<string, unknown>, 
/**
 * Id of the material.
 */
with: string, };

/**
 * A list of words.
 */
export type TermList = { 
/**
 * Stable id.
 */
id: string, 
/**
 * How the list came about: which terms a source names, and which are our reading.
 */
origin: Text, 
/**
 * Sources of the list.
 */
sources: Array<string>, 
/**
 * The words.
 */
terms: Array<string>, 
/**
 * The words count only at the end of a text, or of one of its words: endings of domain names.
 */
atEnd?: boolean, };

/**
 * How certain a rule is, the most certain first.
 */
export type Grade = "confirmed" | "stated" | "older" | "disputed" | "superseded" | "dropped";

/**
 * What a rule is about, so that a page can sort a long list.
 */
export type Topic = "entity" | "people" | "domain" | "website" | "approval" | "contact" | "address" | "remark" | "picture" | "existing";

/**
 * How far a rule goes when it holds.
 */
export type Effect = "required" | "maybe" | "not-required";

/**
 * One of several readings of a disputed rule.
 */
export type Reading = { 
/**
 * What these sources say.
 */
text: Text, 
/**
 * Ids of the sources.
 */
sources: Array<string>, };

/**
 * What a province asks of every photo of a document.
 */
export type PhotoDemand = { 
/**
 * Ground that must show on all four sides, in thousandths of the long side of the picture; 1 to 250.
 */
minMarginPerMille: number, };

/**
 * What many rules have in common. A rule that is `like` it takes everything that it does not say itself.
 */
export type Pattern = { 
/**
 * Stable id, kebab-case.
 */
id: string, 
/**
 * Ids of rules whose place such a rule takes, besides those that it names itself.
 */
overrides?: Array<string>, 
/**
 * What it is about.
 */
topic?: Topic, 
/**
 * To whom it applies.
 */
when?: Record<string, unknown>, 
/**
 * Ids of the materials that it is about.
 */
materials?: Array<string>, 
/**
 * Only these identity documents serve as its materials.
 */
accepts?: Array<string>, 
/**
 * What must be so.
 */
check?: Record<string, unknown>, 
/**
 * How far it goes.
 */
effect?: Effect, 
/**
 * Listed only once it is certain to apply, and a constraint only when it is not met.
 */
quiet?: boolean, 
/**
 * What the rule says.
 */
text: Text, 
/**
 * What to say instead when the check does not hold.
 */
unmet?: Text, 
/**
 * What to do.
 */
remedy?: Text, };

/**
 * A rule. With `materials` it asks for papers; with `check` it is a constraint; with neither it is a notice.
 *
 * In texts, `{province}` stands for the name of the province of the checklist.
 */
export type Rule = { 
/**
 * Stable id, kebab-case; no source has the same.
 */
id: string, 
/**
 * Id of the pattern from which it takes what it does not say itself.
 */
like?: string, 
/**
 * Codes of the provinces in which it holds; empty: in all. A province's own file sets this itself.
 */
provinces?: Array<string>, 
/**
 * Holds only in provinces without a file of their own.
 */
baselineOnly?: boolean, 
/**
 * Ids of rules whose place it takes, in its provinces and on its days.
 */
overrides?: Array<string>, 
/**
 * First day on which it holds.
 */
from?: string, 
/**
 * Last day on which it holds.
 */
until?: string, 
/**
 * How certain it is.
 */
grade: Grade, 
/**
 * Ids of the sources that say so; the first is named first. May be empty where the readings have sources.
 */
sources?: Array<string>, 
/**
 * Readings of a disputed rule.
 */
readings?: Array<Reading>, 
/**
 * What it is about.
 */
topic?: Topic, 
/**
 * To whom it applies; empty: to everyone.
 */
when?: Record<string, unknown>, 
/**
 * Ids of the materials that it is about.
 */
materials?: Array<string>, 
/**
 * Where it holds, only these identity documents serve as its materials. It then asks for nothing by itself.
 */
accepts?: Array<string>, 
/**
 * What must be so.
 */
check?: Record<string, unknown>, 
/**
 * Also holds where answers contradict each other: one says otherwise than follows from the rest.
 */
contradiction?: boolean, 
/**
 * What it asks of every photo of a document, beyond what all provinces do.
 */
photo?: PhotoDemand, 
/**
 * How far it goes; absent: as far as its grade allows. Notices have none.
 */
effect?: Effect, 
/**
 * Listed only once it is certain to apply, and a constraint only when it is not met.
 */
quiet?: boolean, 
/**
 * What the rule says; absent where that is what its pattern says.
 */
text?: Text, 
/**
 * What to say instead when the check does not hold.
 */
unmet?: Text, 
/**
 * A sentence with `{materials}`, added when the checklist has materials without a button of their own.
 */
spliceList?: Text, 
/**
 * What to do.
 */
remedy?: Text, };

/**
 * Everything that a checklist is made from.
 *
 * Read from JSON, every rule is complete: what it takes from a pattern is filled in. Written as JSON, it is short again.
 */
export type RuleSet = { 
/**
 * Version of the rules, apart from the version of the program: year, month, number.
 */
version: string, 
/**
 * A rule that was last compared with its sources more than so many days ago is called stale.
 */
staleAfterDays?: number, 
/**
 * Words for yes and no.
 */
words: Words, 
/**
 * Documents that rules cite.
 */
sources: Array<Source>, 
/**
 * Standards and methods that checks of photos cite.
 */
methods?: Array<Source>, 
/**
 * Provinces, autonomous regions and municipalities.
 */
regions: Array<Region>, 
/**
 * What can be asked of an applicant.
 */
facts: Array<Fact>, 
/**
 * Facts that follow from others.
 */
implications?: Array<Implication>, 
/**
 * Identity documents.
 */
documents: Array<Document>, 
/**
 * Papers and photos that may be wanted.
 */
materials: Array<Material>, 
/**
 * With which material one without an upload button is spliced; the first whose condition holds.
 */
splices?: Array<Splice>, 
/**
 * Lists of words that conditions and checks look for.
 */
terms?: Array<TermList>, 
/**
 * What many rules have in common.
 */
patterns?: Array<Pattern>, 
/**
 * The rules.
 */
rules: Array<Rule>, 
/**
 * Limits of upload pages.
 */
uploads?: Array<UploadProfile>, };
