namespace Moldau.Client.Consuming;

/// <summary>Who set a record's timestamp.</summary>
public enum TimestampType
{
    /// <summary>Its producer.</summary>
    Create,

    /// <summary>The broker, when it appended it.</summary>
    LogAppend,
}
