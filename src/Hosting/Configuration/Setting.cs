namespace Moldau.Extensions.Hosting.Configuration;

/// <summary>A setting by the name Kafka has for it, and what it does; or why it is refused.</summary>
/// <param name="Name">As Kafka's or librdkafka's documentation spells it.</param>
/// <param name="Role">Whose it is.</param>
/// <param name="Apply">Null where it is refused.</param>
/// <param name="Reason">Why, and what to do instead.</param>
internal sealed record Setting(string Name, SettingRole Role, Action<SettingDraft, SettingValue>? Apply, string? Reason = null);
