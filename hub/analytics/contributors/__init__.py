"""Contributors: what each person brought, how it is used, and thanks for it. Not a race: nobody is numbered."""
