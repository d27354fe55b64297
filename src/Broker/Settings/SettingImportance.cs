namespace Moldau.Broker.Settings;

public enum SettingImportance
{
    High,
    Medium,
    Low,
}
