namespace Moldau.Extensions.Hosting.Configuration;

/// <summary>Whose setting it is. In a section of one role those of the others are refused.</summary>
[Flags]
internal enum SettingRole
{
    Client = 1,
    Producer = 2,
    Consumer = 4,
}
