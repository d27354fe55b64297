namespace Moldau.Extensions.Hosting.Configuration;

/// <summary>A setting that cannot be taken as it stands.</summary>
internal sealed class SettingException(string message) : Exception(message);
