// CommonJS, because only `require` loads late and yet synchronously, as source and in esbuild's bundle alike: few
// payloads name a time zone in another way than IANA does.
exports.loadRailsZones = () => require('rails-timezone');
exports.loadWindowsZones = () => require('cldr-core/supplemental/windowsZones.json');
