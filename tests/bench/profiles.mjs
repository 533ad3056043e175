// The answers with which the time of a checklist is measured, in the page and in Node.

/** An enterprise that has told most of what it is asked. */
export const ENTERPRISE = {
  province: "440000",
  filingType: "first",
  entityType: "enterprise",
  leaderIdentity: "mainland",
  leaderIsLegalRepresentative: true,
  administratorIsLeader: true,
  domicileInProvince: true,
  domainCount: 1,
  websiteCount: 1,
  domainRegistrant: "entity",
  nameChanged: false,
  commercialLicenseRequired: false,
  entityName: "广州某某机械有限公司",
  businessScope: "机械加工；金属制品销售；货物进出口。".repeat(10),
  websiteName: "某某机械",
};

export const ONLY_PROVINCE = { province: ENTERPRISE.province };
